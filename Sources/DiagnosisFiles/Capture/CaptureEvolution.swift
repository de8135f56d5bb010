import Foundation
import GradientFlow
import TextFiles
import Trials

/// What became of the gradients of captured modules from update to update of a training.
public struct CaptureEvolution: Sendable {
  /// A captured update of a module that agrees with automatic differentiation.
  public struct Update: Sendable {
    public let number: Int
    public let loss: Double?
    /// log10 of the norm of the gradient of all weights of the module, before any clip.
    public let log10Gradient: Double
    /// By layer and direction, in the order of the model: log10 ‖∂L/∂h_t‖ by lag from each sequence's end, 0…T−1; of
    /// sequences of different lengths the root mean square over those that have the lag, times √B.
    public let layers: [(place: LayerPlace, byLag: [Double])]
    /// Differences from what was captured.
    public let check: CaptureCheck
  }

  /// A module.
  public struct Module: Sendable {
    public let name: String
    /// Ascending.
    public let updates: [Update]
    /// Updates of which it is not reported, with the first reason.
    public let refused: Int
    public let reason: String?
  }

  /// The class of the model.
  public let model: String
  /// What was captured from.
  public let origin: String
  /// Updates from one captured to the next.
  public let every: Int
  /// Those that agree at some update.
  public let modules: [Module]

  /// Runs the modules of every captured update again.
  ///
  /// - Throws: ``CaseError`` or `ModelFileError` for a capture that is damaged.
  public init(
    _ capture: CaptureFolder, names: [String]? = nil, progress: (String) -> Void = { _ in }
  ) throws {
    var order: [String] = []
    var updates: [String: [Update]] = [:]
    var refusals: [String: [String]] = [:]
    for entry in capture.updates {
      let update = try CapturedUpdate(entry, of: capture)
      // A module may not be called in every update.
      let own = names?.filter { name in update.modules.contains { $0.name == name } }
      if own?.isEmpty ?? update.modules.isEmpty { continue }
      let found = try CaptureDiagnosis(update, names: own, plan: DiagnosisPlan()) {
        progress("update \(entry.number): \($0)")
      }
      for module in found.modules {
        if !order.contains(module.name) { order.append(module.name) }
        switch module.outcome {
        case .refused(let reason): refusals[module.name, default: []].append(reason)
        case .reported(let diagnoses):
          guard let longest = diagnoses.max(by: { $0.problem.steps < $1.problem.steps }),
            let check = module.check
          else { continue }
          let norms = diagnoses.map { ScaledNumber.euclideanNorm($0.gradients.entries.map(\.gradient.norm)) }
          updates[module.name, default: []].append(
            Update(
              number: update.number, loss: update.loss,
              log10Gradient: ScaledNumber.euclideanNorm(norms).log10,
              layers: longest.layers.map { ($0.place, $0.byLag) }, check: check))
        }
      }
    }
    model = capture.model
    origin = "captured by \(capture.writer) from \(capture.framework)"
    every = capture.every ?? 1
    modules = order.compactMap { name in
      updates[name].map {
        Module(
          name: name.isEmpty ? capture.model : name, updates: $0, refused: refusals[name]?.count ?? 0,
          reason: refusals[name]?.first)
      }
    }
  }

  /// Writes `evolution.csv` (a row for each update, layer and lag) and `updates.csv` (one for each update and module).
  ///
  /// - Throws: ``RunError`` where a file cannot be written.
  public func write(to directory: String) throws -> [String] {
    let evolution = try StreamedFile(path: PathName.joined(directory, "evolution.csv"))
    try evolution.write("update,module,layer,direction,lag,log10_grad_h\n")
    let table = try StreamedFile(path: PathName.joined(directory, "updates.csv"))
    try table.write("update,module,loss,log10_grad,difference_outputs,difference_weight_gradients\n")
    for module in modules {
      let name = CSVField.text(module.name)
      for update in module.updates {
        var line = "\(update.number),\(name)"
        for value in [
          update.loss, update.log10Gradient, update.check.outputs, update.check.weightGradients,
        ] { CSVField.append(value, to: &line) }
        try table.write(line + "\n")
        for (place, norms) in update.layers {
          for (lag, norm) in norms.enumerated() {
            var line = "\(update.number),\(name),\(place.layer),\(place.direction.rawValue),\(lag)"
            CSVField.append(norm, to: &line)
            try evolution.write(line + "\n")
          }
        }
      }
    }
    try evolution.finish()
    try table.finish()
    return ["evolution.csv", "updates.csv"]
  }
}

extension LayerDiagnosis {
  /// log10 ‖∂L/∂h_t‖ by lag, as of a batch whose sequences all have the lag.
  fileprivate var byLag: [Double] {
    (0..<shape.steps).map { lag in
      let t = shape.steps - lag
      return steps.hidden[t] + log10(Double(shape.batch) / Double(shape.count(at: t))) / 2
    }
  }
}
