import Foundation
import GradientFlow
import TestSupport

extension PackedBatch {
  /// Where the batch differs from its sequences, each alone; nil if it does not: states, every gradient of every step, norms,
  /// sums, gradients of inputs and initial states.
  ///
  /// - Parameters:
  ///   - clip: the norm to which each sequence's gradient is clipped at every step.
  ///   - least: magnitude below which numbers count as 0.
  func differenceToEachAlone(
    clip: Double? = nil, tapeBudget: Int = 1 << 28, leastSegments: Int = 1, least: Double = 1e-16
  ) -> String? {
    kind.accept(
      AloneComparison(
        batch: self, clip: clip, tapeBudget: tapeBudget, leastSegments: leastSegments, least: least))
  }
}

private struct AloneComparison: CellVisitor {
  typealias Element = Double
  let batch: PackedBatch
  let clip: Double?
  let tapeBudget, leastSegments: Int
  let least: Double

  /// What one way back leaves.
  private struct Walk {
    let result: BackwardResult<Double>
    let recorded: RecordedGradients
    let norms, cellNorms: [Double]
    let inputs: [Double]
    let hidden, cell: [Double]
  }

  private func walk<Cell: RecurrentCell>(
    _ pass: inout SequencePass<Cell>, _ loss: any SequenceLoss<Double>, _ clip: StepClip
  ) -> Walk where Cell.Element == Double {
    var probe = ProbePair(
      GradientRecorder<Double>(
        shape: pass.shape, gateCount: Cell.gateCount, carriesCellState: Cell.carriesCellState),
      StateGradientNorms<Double>(shape: pass.shape, carriesCellState: Cell.carriesCellState))
    let inputs = InputGradients(shape: pass.shape, parameters: pass.cell.parameters)
    let initial = InitialStateGradients<Double>(
      shape: pass.shape, carriesCellState: Cell.carriesCellState)
    let result = pass.backward(
      loss: loss, clip: clip, inputGradients: inputs, initialGradients: initial, probe: &probe)
    let (n, h) = (pass.shape.inputSize, pass.shape.hiddenSize)
    func states(_ at: (Int, Int) -> ScaledNumber) -> [Double] {
      (0..<pass.shape.batch).flatMap { b in (0..<h).map { at(b, $0).double } }
    }
    return Walk(
      result: result, recorded: probe.first.gradients, norms: probe.second.hiddenByExample,
      cellNorms: probe.second.cellByExample,
      inputs: inputs.values.indices.map { scalbn(inputs.values[$0], inputs.exponents[$0 / n]) },
      hidden: states(initial.hidden(_:_:)),
      cell: Cell.carriesCellState ? states(initial.cell(_:_:)) : [])
  }

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> String? where Cell.Element == Double {
    var whole = batch.pass(type, tapeBudget: tapeBudget)
    if whole.plan.count < leastSegments { return "\(whole.plan.count) segments" }
    let together = walk(&whole, batch.loss(Double.self), clip.map { .example(threshold: $0) } ?? .none)
    let shape = batch.shape()
    let (h, rows) = (shape.hiddenSize, Cell.gateCount * shape.hiddenSize)
    var sums: [[Double]] = together.result.gradients.named.map { $0.gradient.doubles.map { _ in 0 } }
    var (loss, engaged) = (0.0, 0.0)
    func agree(_ what: String, _ b: Int, _ a: [Double], _ b2: [Double]) -> String? {
      difference(a, b2, relative: 1e-11, absolute: least).map { "\(what) of sequence \(b): \($0)" }
    }
    for b in 0..<batch.batch {
      let share = batch.share(of: b)
      var single = batch.pass(type, alone: b)
      let alone = walk(
        &single, batch.loss(Double.self, alone: b), clip.map { .example(threshold: $0 / share) } ?? .none)
      let start = shape.start(of: b)
      func own(_ list: [Double], _ width: Int, from first: Int, _ last: Int) -> [Double] {
        first > last
          ? []
          : (first...last).flatMap { t in
            (0..<width).map { list[(t * shape.batch + b) * width + $0] }
          }
      }
      func scaled(_ list: [Double]) -> [Double] { list.map { $0 * share } }
      let checks = [
        agree(
          "∂L/∂h", b, own(together.recorded.hidden, h, from: start, shape.steps),
          scaled(alone.recorded.hidden)),
        Cell.carriesCellState
          ? agree(
            "∂L/∂c", b, own(together.recorded.cell, h, from: start, shape.steps), scaled(alone.recorded.cell))
          : nil,
        agree(
          "∂L/∂a", b, own(together.recorded.preactivation, rows, from: start, shape.steps - 1),
          scaled(alone.recorded.preactivation)),
        agree(
          "∂L/∂(hidden side)", b,
          own(together.recorded.recurrentPreactivation, rows, from: start, shape.steps - 1),
          scaled(alone.recorded.recurrentPreactivation)),
        agree(
          "∂L/∂x", b, batch.unpacked(together.inputs, width: shape.inputSize, of: b), scaled(alone.inputs)),
        agree("∂L/∂h_0", b, Array(together.hidden[b * h..<(b + 1) * h]), scaled(alone.hidden)),
        Cell.carriesCellState
          ? agree("∂L/∂c_0", b, Array(together.cell[b * h..<(b + 1) * h]), scaled(alone.cell)) : nil,
        agree(
          "norms", b, own(together.norms, 1, from: start, shape.steps), alone.norms.map { $0 + log10(share) }),
        Cell.carriesCellState
          ? agree(
            "norms of c", b, own(together.cellNorms, 1, from: start, shape.steps),
            alone.cellNorms.map { $0 + log10(share) }) : nil,
      ]
      if let first = checks.compactMap(\.self).first { return first }
      // What is not there is no number.
      if start > 0 {
        let absent =
          own(together.recorded.hidden, h, from: 0, start - 1) + own(together.norms, 1, from: 0, start - 1)
          + own(together.recorded.preactivation, rows, from: 0, start - 1)
        if !absent.allSatisfy(\.isNaN) { return "numbers before the start of sequence \(b)" }
      }
      for (k, (_, gradient)) in alone.result.gradients.named.enumerated() {
        sums[k] = zip(sums[k], gradient.doubles).map { $0 + $1 * share }
      }
      loss += share * alone.result.loss
      engaged += alone.result.clippedFraction * Double(batch.lengths[b])
    }
    for (sum, (name, gradient)) in zip(sums, together.result.gradients.named) {
      let size = Double.euclideanNorm(sum)
      if let found = difference(gradient.doubles, sum, relative: 1e-12, absolute: 1e-13 * size) {
        return "\(name): \(found)"
      }
    }
    if !((engaged / Double(shape.rowCount) - together.result.clippedFraction).magnitude < 1e-12) {
      return "clipped \(together.result.clippedFraction)"
    }
    return difference([together.result.loss], [loss], relative: 1e-12).map { "loss: \($0)" }
  }
}
