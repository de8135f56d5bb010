import Foundation
import GradientDiagnostics
import LinearAlgebra
import RecurrentCells

/// Everything that is measured of one layer in one direction, with its pass at hand.
struct LayerMeasurement<Cell: RecurrentCell> where Cell.Element == Double {
  let kind: CellKind
  let plan: DiagnosisPlan
  let layer: LayerPass<Cell>
  let upstream: UpstreamGradient<Double>
  let clip: GradientClip

  /// Norms and gradients: what every plan has. `inputs` records ∂L/∂x for the layer below.
  func norms(_ inputs: InputGradients<Double>?) throws -> LayerDiagnosis {
    let unclipped =
      inputs.map { layer.pass.diagnose(loss: upstream, beside: $0) }
      ?? layer.pass.diagnose(loss: upstream)
    let clipped =
      clip.stepClip == .none ? unclipped : layer.pass.diagnose(loss: upstream, clip: clip.stepClip)
    let parameters = layer.pass.cell.parameters
    return LayerDiagnosis(
      layer: layer.layer, direction: layer.direction, shape: layer.pass.shape, steps: clipped.steps,
      unclippedSteps: unclipped.steps, clipped: clipped.result, unclipped: unclipped.result,
      spectra: try (0..<Cell.gateCount).map { try MatrixSpectrum(of: parameters.recurrentBlock($0)) })
  }

  /// What the plan asks for beside the norms; `time` is told how long each took.
  func rest(_ found: inout LayerDiagnosis, time: (DiagnosisMeasure, () throws -> Void) throws -> Void) throws
  {
    let read = upstream.placement.count(of: layer.pass.shape.steps)
    found.staysAtZero = kind != .rnnLinear && layer.pass.staysAtZero()
    found.hasPlainDecay =
      read == 1 && upstream.placement.includes(layer.pass.shape.steps, of: layer.pass.shape.steps)
      && upstream.exponents == nil && clip.stepClip == .none
    for measure in DiagnosisMeasure.allCases where plan.measures.contains(measure) {
      try time(measure) { try self.measure(measure, &found) }
    }
    predict(&found)
  }

  /// log10 ‖∂L/∂h_t‖, t = 0…T, and nothing else.
  func hiddenNorms(_ inputs: InputGradients<Double>?) throws -> [Double] {
    let norms = StateGradientNorms<Double>(shape: layer.pass.shape, carriesCellState: Cell.carriesCellState)
    guard let inputs else {
      var probe = norms
      _ = layer.pass.backward(loss: upstream, calling: &probe)
      return probe.hidden
    }
    var probe = ProbePair(norms, inputs)
    _ = layer.pass.backward(loss: upstream, calling: &probe)
    return probe.first.hidden
  }

  private func measure(_ measure: DiagnosisMeasure, _ found: inout LayerDiagnosis) throws {
    let (shape, parameters) = (layer.pass.shape, layer.pass.cell.parameters)
    switch measure {
    case .gates:
      found.gates = layer.pass.gateActivity()
      var probe = UnitGradientNorms(hiddenSize: shape.hiddenSize, gateCount: Cell.gateCount)
      _ = layer.pass.backward(loss: upstream, clip: clip.stepClip, calling: &probe)
      found.unitGradients = probe.log10Norms
    case .paths:
      guard Cell.gates.contains(.forget), clip.stepClip == .none else { return }
      var probe = PathDecomposition(shape: shape, parameters: parameters)
      _ = layer.pass.backward(loss: upstream, calling: &probe)
      found.paths = probe.paths
    case .contributions:
      var probe = ContributionAlignment(
        shape: shape, gateCount: Cell.gateCount, total: found.clipped.gradients.weightHH)
      _ = layer.pass.backward(loss: upstream, clip: clip.stepClip, calling: &probe)
      found.alignment = probe.alignment
    case .states:
      found.states = layer.pass.stateTrace(element: plan.element)
    case .jacobians:
      let lags = JacobianSpectrum.lags(of: min(shape.steps, plan.furthestLag), limit: plan.lagLimit)
      let blocks: [StateBlock] = Cell.carriesCellState ? [.hidden, .state] : [.hidden]
      found.jacobians = blocks.map {
        layer.pass.jacobianSpectrum($0, element: plan.element, lags: lags)
      }
    case .lyapunov:
      found.lyapunov = lyapunov(found)
    case .nonNormality:
      found.nonNormality = try (0..<Cell.gateCount).map {
        try NonNormality(of: parameters.recurrentBlock($0))
      }
    case .twoTime:
      break  // of the whole model
    }
  }

  private func lyapunov(_ found: LayerDiagnosis) -> LyapunovReport {
    let shape = layer.pass.shape
    let size = Cell.carriesCellState ? 2 * shape.hiddenSize : shape.hiddenSize
    let transient = min(
      shape.steps - 1, plan.transient ?? LyapunovSpectrum.defaultTransient(of: shape.steps))
    // The same first direction for both: then they differ by how they are computed, not by where they start.
    var stream = RandomStream(rootSeed: 0, trialSeed: 0, purpose: .tangentVectors)
    let spectrum = layer.pass.lyapunovSpectrum(
      element: plan.element, count: min(size, plan.exponentLimit), transient: transient,
      start: .random(stream))
    let separation = layer.pass.separationExponent(
      element: plan.element, transient: transient, stream: &stream)
    let byLag = (1...shape.steps).reversed().map {
      found.unclippedSteps.hiddenByExample[$0 * shape.batch + plan.element]
    }
    return LyapunovReport(
      spectrum: spectrum, separation: separation,
      gradientSlope: DecayRate(log10Norms: byLag).map { $0.rate * M_LN10 })
  }

  /// What theory says, from what was measured.
  private func predict(_ found: inout LayerDiagnosis) {
    let activation = Activation(kind)
    if let radius = found.spectra.map(\.spectralRadius).max() {
      found.predictions[.linear] = activation?.linearPrediction(spectralRadius: radius)
    }
    if let sigma = found.spectra.map(\.largestSingularValue).max() {
      found.predictions[.pascanuBound] = activation?.pascanuBound(largestSingularValue: sigma)
    }
    // At the fixed point 0 no unit is where a random network would have it.
    if let activation, !found.staysAtZero {
      let rate = layer.pass.equivalentMeanField(activation)?.decadesPerStep
      found.predictions[.meanFieldLower] = rate
      found.predictions[.meanFieldUpper] = rate
    }
    if let leading = found.lyapunov?.spectrum.exponents.first, !leading.isNaN {
      found.predictions[.lyapunov] = leading / M_LN10
    }
    if Cell.gates.contains(.forget) { found.predictions[.forgetPath] = found.gates?.meanLog10Memory }
  }
}

extension SequencePass where Cell.Element == Double {
  /// Whether h_t and c_t are exactly 0 at every step, t = 0…T.
  mutating func staysAtZero() -> Bool {
    let count = shape.stateCount
    do throws(LeftZero) {
      try visitSteps(.ascending) { step throws(LeftZero) in
        for state in [step.previousHidden, step.hidden, step.previousCell, step.cell] {
          if let state, Double.largestMagnitude(count, state) > 0 { throw LeftZero() }
        }
      }
      return true
    } catch {
      return false
    }
  }

  /// h_t and c_t of one batch element, t = 0…T.
  mutating func stateTrace(element: Int) -> StateTrace {
    var (hidden, cell): ([Double], [Double]) = ([], [])
    let size = shape.hiddenSize
    func row(_ state: UnsafePointer<Double>) -> UnsafeBufferPointer<Double> {
      UnsafeBufferPointer(start: state + element * size, count: size)
    }
    visitSteps(.ascending) { step in
      if step.time == 1 {
        hidden += row(step.previousHidden)
        if let c = step.previousCell { cell += row(c) }
      }
      hidden += row(step.hidden)
      if let c = step.cell { cell += row(c) }
    }
    return StateTrace(element: element, hidden: hidden, cell: cell)
  }
}

/// Ends a walk over the tape at the first state that is not 0.
private struct LeftZero: Error {}
