import Foundation
import GradientDiagnostics
import LinearAlgebra
import RecurrentCells

/// Everything that is measured of one layer in one direction, with its pass at hand.
struct LayerMeasurement<Cell: RecurrentCell> where Cell.Element == Double {
  let kind: CellKind
  let plan: DiagnosisPlan
  let walk: LayerWalk<Cell>
  let clip: StepClip
  /// Norms of the way back without the step clip; nil where there is none.
  let unclippedSteps: StepGradients?
  /// Whether the loss reads this layer, and no other one does.
  let takesLoss: Bool

  private var layer: LayerPass<Cell> { walk.layer }

  /// Norms and gradients: what every plan has, and what the layer below goes on from.
  func norms() throws -> (LayerDiagnosis, BackwardResult<Double>) {
    let found = walk.diagnose(clip: clip)
    let parameters = layer.pass.cell.parameters
    let spectra = try (0..<Cell.gateCount).map { try MatrixSpectrum(of: parameters.recurrentBlock($0)) }
    var diagnosis = LayerDiagnosis(
      place: walk.place, shape: layer.pass.shape, steps: found.steps,
      unclippedSteps: unclippedSteps ?? found.steps, spectra: spectra)
    diagnosis.inputNorms = walk.inputGradients.map { inputNorms(ScaledRows($0)) } ?? []
    if plan.keepsStateGradients {
      var probe = StateGradientRows(shape: layer.pass.shape)
      walk.observe(clip: clip, calling: &probe)
      diagnosis.stateGradients = probe.rows
    }
    return (diagnosis, found.result)
  }

  /// log10 ‖∂L/∂x_t‖ over the batch, t = 1…T.
  private func inputNorms(_ rows: ScaledRows<Double>) -> [Double] {
    let shape = layer.pass.shape
    return (1...shape.steps).map { t in
      ScaledNumber.euclideanNorm(
        (shape.firstRow(of: t)..<shape.firstRow(of: t + 1)).map { rows.norm(row: $0) }
      ).log10
    }
  }

  /// What the plan asks for beside the norms; `time` is told how long each took.
  func rest(
    _ found: inout LayerDiagnosis, _ result: BackwardResult<Double>,
    time: (DiagnosisMeasure, () throws -> Void) throws -> Void
  ) throws {
    let (steps, placement) = (layer.pass.shape.steps, walk.loss.placement)
    found.staysAtZero = kind != .rnnLinear && layer.pass.staysAtZero()
    found.hasPlainDecay =
      takesLoss && clip == .none && placement.count(of: steps) == 1 && placement.includes(steps, of: steps)
    for measure in DiagnosisMeasure.allCases where plan.measures.contains(measure) {
      try time(measure) { try self.measure(measure, &found, result) }
    }
    predict(&found)
  }

  private func measure(
    _ measure: DiagnosisMeasure, _ found: inout LayerDiagnosis, _ result: BackwardResult<Double>
  ) throws {
    let (shape, parameters) = (layer.pass.shape, layer.pass.cell.parameters)
    switch measure {
    case .gates:
      found.gates = layer.pass.gateActivity()
      var probe = UnitGradientNorms(hiddenSize: shape.hiddenSize, gateCount: Cell.gateCount)
      walk.observe(clip: clip, calling: &probe)
      found.unitGradients = probe.log10Norms
    case .paths:
      guard Cell.gates.contains(.forget), clip == .none else { return }
      var probe = PathDecomposition(shape: shape, parameters: parameters)
      walk.observe(calling: &probe)
      found.paths = probe.paths
    case .contributions:
      var probe = ContributionAlignment(
        shape: shape, gateCount: Cell.gateCount, total: result.gradients.weightHH)
      walk.observe(clip: clip, calling: &probe)
      found.alignment = probe.alignment
    case .states:
      found.states = layer.pass.stateTrace(element: plan.element)
    case .jacobians:
      let lags = JacobianSpectrum.lags(
        of: min(shape.length(of: plan.element), plan.furthestLag), limit: plan.lagLimit)
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
    let steps = shape.length(of: plan.element)
    let transient = min(steps - 1, plan.transient ?? LyapunovSpectrum.defaultTransient(of: steps))
    // The same first direction for both: then they differ by how they are computed, not by where they start.
    var stream = RandomStream(rootSeed: 0, trialSeed: 0, purpose: .tangentVectors)
    let spectrum = layer.pass.lyapunovSpectrum(
      element: plan.element, count: min(size, plan.exponentLimit), transient: transient,
      start: .random(stream))
    let separation = layer.pass.separationExponent(
      element: plan.element, transient: transient, stream: &stream)
    let byLag = (shape.start(of: plan.element) + 1...shape.steps).reversed().map {
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
    let width = shape.hiddenSize
    do throws(LeftZero) {
      try visitSteps(.ascending) { step throws(LeftZero) in
        for state in [step.previousHidden, step.hidden, step.previousCell, step.cell] {
          if let state, Double.largestMagnitude(step.batch * width, state) > 0 { throw LeftZero() }
        }
      }
      return true
    } catch {
      return false
    }
  }

  /// h_t and c_t of one batch element, t = 0…T of its own steps.
  mutating func stateTrace(element: Int) -> StateTrace {
    var (hidden, cell): ([Double], [Double]) = ([], [])
    let (size, start) = (shape.hiddenSize, shape.start(of: element))
    func row(_ state: UnsafePointer<Double>) -> UnsafeBufferPointer<Double> {
      UnsafeBufferPointer(start: state + element * size, count: size)
    }
    visitSteps(.ascending) { step in
      guard step.time > start else { return }
      if step.time == start + 1 {
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
