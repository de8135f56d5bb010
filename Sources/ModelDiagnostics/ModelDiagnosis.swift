import GradientDiagnostics
import LinearAlgebra
import RecurrentCells

/// A model diagnosed in double precision, layer by layer.
public struct ModelDiagnosis: Sendable {
  /// What was diagnosed.
  public let problem: ModelProblem
  /// What was measured.
  public let plan: DiagnosisPlan
  /// L; nil where gradients came from elsewhere without it.
  public let loss: Double?
  /// By layer, forward before reverse.
  public let layers: [LayerDiagnosis]
  /// Whole gradients by PyTorch's names, before and after clipping.
  public let gradients: ModelGradients
  /// nil where the loss reads the final step alone or the plan leaves it out.
  public let twoTime: TwoTimeMap?
  /// ∂L/∂x [rows, I] in the order of the sequence, packed as ``SequenceLengths`` says.
  public let inputGradients: ScaledRows<Double>?
  /// ∂L/∂h_0 and ∂L/∂c_0 by layer, then by direction; nil of a network with an encoder.
  public let initialStateGradients: [[StateGradients<Double>]]?
  /// What the last layer gave [rows, D·H].
  public let outputs: [Double]
  /// h_T and c_T.
  public let finalState: NetworkState<Double>
  /// How long each measurement took, in the order they were made.
  public let times: [MeasurementTime]
}

extension ModelDiagnosis {
  /// Diagnoses a model.
  ///
  /// - Parameter progress: told what is being measured.
  /// - Throws: ``DiagnosisError``, or `LinearAlgebraError` where a decomposition of W_hh fails.
  public init(
    _ problem: ModelProblem, plan: DiagnosisPlan = DiagnosisPreset.standard.plan,
    progress: (String) -> Void = { _ in }
  ) throws {
    guard (0..<problem.batch).contains(plan.element) else {
      throw DiagnosisError.noSuchElement(
        model: problem.name, element: plan.element, batch: problem.batch)
    }
    if case .upstream = problem.loss { try problem.clip.checkIsOfParts(model: problem.name) }
    self = try withoutActuallyEscaping(progress) { progress in
      try problem.model.cell.accept(ModelVisitor(problem: problem, plan: plan, progress: progress)).get()
    }
  }
}

extension GradientClip {
  /// Makes sure that it does not need the gradient of a whole model.
  ///
  /// - Throws: ``DiagnosisError/partOfModel(model:clip:)``.
  func checkIsOfParts(model: String) throws(DiagnosisError) {
    if case .globalNorm = self { throw .partOfModel(model: model, clip: label) }
  }
}

/// Builds a diagnosis with the type of the cell at hand.
private struct ModelVisitor: CellVisitor {
  typealias Element = Double
  let problem: ModelProblem
  let plan: DiagnosisPlan
  let progress: (String) -> Void

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> Result<ModelDiagnosis, any Error>
  where Cell.Element == Double {
    Result { try diagnose(type) }
  }

  private func diagnose<Cell: RecurrentCell>(_ type: Cell.Type) throws -> ModelDiagnosis
  where Cell.Element == Double {
    var watch = Stopwatch()
    progress("forward pass")
    let pass = NetworkPass<Cell>()
    pass.run(problem.network, on: problem.data)
    watch.note("forward")
    if let divergence = pass.divergence {
      throw DiagnosisError.diverged(model: problem.name, divergence)
    }
    let way = WayBack(problem, pass)
    let unclipped = try unclippedWalk(way, &watch)
    var layers: [LayerDiagnosis] = []
    let clipped = try way.back(givesInputs: true) { walk in
      let measurement = LayerMeasurement(
        kind: problem.network.cell, plan: plan, walk: walk, clip: problem.clip.stepClip,
        unclippedSteps: unclipped?.steps[walk.place],
        takesLoss: walk.place.layer == problem.model.layers.count - 1 && walk.place.part != .encoder)
      let label = walk.place.label
      progress("gradients of \(label)")
      watch.start()
      var (found, result) = try measurement.norms()
      watch.note("norms")
      try measurement.rest(&found, result) { measure, work in
        progress("\(measure.rawValue) of \(label)")
        watch.start()
        try work()
        watch.note(measure.rawValue)
      }
      layers.append(found)
      return result
    }
    layers.sort { $0.place < $1.place }
    let gradients = ModelGradients(
      ClippedGradients(problem.clip, clipped: clipped, unclipped: unclipped?.result ?? clipped),
      head: way.headParameters, of: problem)
    let isKnown = !clipped.loss.isNaN || way.hasUnknownLoss
    guard gradients.isFinite, isKnown, !clipped.loss.isInfinite, layers.allSatisfy(\.isFinite) else {
      throw DiagnosisError.notFinite(model: problem.name)
    }
    var map: TwoTimeMap?
    if plan.measures.contains(.twoTime), problem.readSteps > 1 {
      progress("two-time map")
      watch.start()
      map = twoTime(way)
      watch.note(DiagnosisMeasure.twoTime.rawValue)
    }
    return ModelDiagnosis(
      problem: problem, plan: plan, loss: way.hasUnknownLoss ? nil : clipped.loss, layers: layers,
      gradients: gradients, twoTime: map, inputGradients: clipped.inputs,
      initialStateGradients: clipped.initialStates, outputs: way.outputs,
      finalState: pass.finalState, times: watch.times)
  }

  /// The way back without the step clip, where there is one: what reaches a layer then is another gradient.
  private func unclippedWalk<Cell: RecurrentCell>(
    _ way: WayBack<Cell>, _ watch: inout Stopwatch
  ) throws -> (result: NetworkBackwardResult<Double>, steps: [LayerPlace: StepGradients])?
  where Cell.Element == Double {
    if problem.clip.stepClip == .none { return nil }
    var steps: [LayerPlace: StepGradients] = [:]
    progress("gradients without the step clip")
    watch.start()
    let result = way.back { walk in
      let diagnosis = walk.diagnose()
      steps[walk.place] = diagnosis.steps
      return diagnosis.result
    }
    watch.note("norms")
    return (result, steps)
  }

  private func twoTime<Cell: RecurrentCell>(_ way: WayBack<Cell>) -> TwoTimeMap
  where Cell.Element == Double {
    let placement = problem.placement
    let read = (1...problem.steps).filter { placement.includes($0, of: problem.steps) }
    let sources = read.spread(plan.sourceLimit)
    var norms: [LayerPlace: [[Double]]] = [:]
    for source in sources {
      _ = way.back(from: source) { walk in
        var probe = StateGradientNorms<Double>(
          shape: walk.layer.pass.shape, carriesCellState: Cell.carriesCellState)
        let result = walk.backward(calling: &probe)
        norms[walk.place, default: []].append(probe.hidden)
        return result
      }
    }
    return TwoTimeMap(sources: sources, norms: problem.network.places.map { norms[$0] ?? [] })
  }
}

extension LayerPlace {
  /// `layer 0 forward`, of an encoder `encoder layer 0 forward`.
  fileprivate var label: String {
    (part.map { "\($0.rawValue) " } ?? "") + "layer \(layer) \(direction.rawValue)"
  }
}
