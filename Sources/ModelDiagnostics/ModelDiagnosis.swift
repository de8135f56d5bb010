import GradientDiagnostics
import RecurrentCells

/// A model diagnosed in double precision, layer by layer.
public struct ModelDiagnosis: Sendable {
  /// What was diagnosed.
  public let problem: ModelProblem
  /// What was measured.
  public let plan: DiagnosisPlan
  /// L.
  public let loss: Double
  /// By layer, forward before reverse.
  public let layers: [LayerDiagnosis]
  /// Whole gradients by PyTorch's names, before and after clipping.
  public let gradients: ModelGradients
  /// nil where the loss reads the final step alone or the plan leaves it out.
  public let twoTime: TwoTimeMap?
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
    guard problem.clip == .none || problem.isSingle else {
      throw DiagnosisError.clipOfSeveralLayers(
        model: problem.name, layers: problem.model.layers.count,
        directions: problem.model.directions.count)
    }
    self = try withoutActuallyEscaping(progress) { progress in
      try problem.model.cell.accept(ModelVisitor(problem: problem, plan: plan, progress: progress)).get()
    }
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
    let pass = ModelPass<Cell>(
      problem.model, steps: problem.steps, batch: problem.batch, inputs: problem.inputs,
      initialStates: problem.initialStates)
    watch.note("forward")
    if let divergence = pass.divergence {
      throw DiagnosisError.diverged(model: problem.name, divergence)
    }
    let top = pass.outputGradients(of: problem.loss, reading: problem.reading)
    var layers: [LayerDiagnosis] = []
    try pass.backward(from: top.upstream) { layer, upstream, inputs in
      let measurement = LayerMeasurement(
        kind: problem.model.cell, plan: plan, layer: layer, upstream: upstream, clip: problem.clip)
      progress("gradients of layer \(layer.layer) \(layer.direction.rawValue)")
      watch.start()
      var found = try measurement.norms(inputs)
      watch.note("norms")
      try measurement.rest(&found) { measure, work in
        progress("\(measure.rawValue) of layer \(layer.layer) \(layer.direction.rawValue)")
        watch.start()
        try work()
        watch.note(measure.rawValue)
      }
      layers.append(found)
    }
    layers.sort { ($0.layer, $0.direction.index) < ($1.layer, $1.direction.index) }
    let gradients = ModelGradients(layers, top, clip: problem.clip)
    guard gradients.isFinite, top.loss.isFinite, layers.allSatisfy(\.isFinite) else {
      throw DiagnosisError.notFinite(model: problem.name)
    }
    var map: TwoTimeMap?
    if plan.measures.contains(.twoTime), problem.loss.placement.count(of: problem.steps) > 1 {
      progress("two-time map")
      watch.start()
      map = try twoTime(pass)
      watch.note(DiagnosisMeasure.twoTime.rawValue)
    }
    return ModelDiagnosis(
      problem: problem, plan: plan, loss: top.loss, layers: layers, gradients: gradients, twoTime: map,
      times: watch.times)
  }

  private func twoTime<Cell: RecurrentCell>(_ pass: ModelPass<Cell>) throws -> TwoTimeMap
  where Cell.Element == Double {
    let read = (1...problem.steps).filter { problem.loss.placement.includes($0, of: problem.steps) }
    let sources = read.spread(plan.sourceLimit)
    let count = problem.model.directions.count
    var norms = Array(repeating: [[Double]](), count: problem.model.layers.count * count)
    for source in sources {
      let top = pass.outputGradients(of: problem.loss, reading: problem.reading, source: source)
      try pass.backward(from: top.upstream) { layer, upstream, inputs in
        let place = layer.layer * count + layer.direction.index
        norms[place].append(
          try LayerMeasurement(
            kind: problem.model.cell, plan: plan, layer: layer, upstream: upstream, clip: .none
          ).hiddenNorms(inputs))
      }
    }
    return TwoTimeMap(sources: sources, norms: norms)
  }
}
