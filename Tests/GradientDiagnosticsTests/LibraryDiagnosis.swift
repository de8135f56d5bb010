// swift-format-ignore-file: AlwaysUseLowerCamelCase

import GradientFlow
import TestSupport

extension NaiveNetwork {
  /// Every norm and every gradient that the library records of this network, whose loss reads
  /// through a readout.
  func diagnosed<Cell: RecurrentCell<Double>>(
    _ type: Cell.Type
  ) -> (steps: StepGradients, recorded: RecordedGradients) {
    var pass = pass(type)
    return walk(&pass, libraryLoss(Double.self))
  }

  private func walk<Cell: RecurrentCell<Double>>(
    _ pass: inout SequencePass<Cell>, _ loss: some SequenceLoss<Double>
  ) -> (steps: StepGradients, recorded: RecordedGradients) {
    var recorder = GradientRecorder<Double>(
      shape: pass.shape, gateCount: Cell.gateCount, carriesCellState: Cell.carriesCellState)
    _ = pass.backward(loss: loss, probe: &recorder)
    return (pass.diagnose(loss: loss).steps, recorder.gradients)
  }

  /// The same by the cell's name.
  func diagnosed() -> (steps: StepGradients, recorded: RecordedGradients) {
    switch cell {
    case .tanh: return diagnosed(TanhCell.self)
    case .relu: return diagnosed(ReLUCell.self)
    case .linear: return diagnosed(LinearCell.self)
    case .lstm: return diagnosed(LSTMCell.self)
    case .gru: return diagnosed(GRUCell.self)
    }
  }
}

/// log10 of the Frobenius norm of Σ_b γ[b] x[b]ᵀ, formed entry by entry.
func explicitLog10Norm(_ gamma: [[Double]], _ x: [[Double]]) -> Double {
  var square = 0.0
  for i in gamma[0].indices {
    for j in x[0].indices {
      let entry = gamma.indices.reduce(0.0) { $0 + gamma[$1][i] * x[$1][j] }
      square += entry * entry
    }
  }
  return ScaledNumber(squareRootOf: square).log10
}

/// Rows of `width` elements.
func cut(_ values: some Sequence<Double>, width: Int) -> [[Double]] {
  let values = Array(values)
  return stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
}
