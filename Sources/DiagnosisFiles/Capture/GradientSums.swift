import Foundation
import GradientFlow

/// Captured modules run again without probes: gradients of their parameters, summed over all that they read, beside
/// autograd's.
struct GradientSums {
  /// What was found of a module.
  struct Run {
    var check: CaptureCheck
    /// Why it could not be compared.
    var problem: String?
  }

  /// By name.
  private(set) var modules: [String: Run] = [:]

  /// - Throws: ``CaseError`` or `ModelFileError` for a capture that is damaged.
  init(
    of modules: [CapturedUpdate.Module], _ update: CapturedUpdate, clip: GradientClip,
    _ progress: (String) -> Void
  ) throws {
    var sums: [Int: [Double]] = [:]
    var models: [(module: CapturedUpdate.Module, captured: CapturedModel)] = []
    for module in modules where module.problem == nil {
      progress("checking \(module.name)")
      var run = Run(check: CaptureCheck(tolerance: module.type.tolerance))
      let usable = module.sequences.filter { $0.problem == nil }
      guard !usable.isEmpty else {
        run.problem =
          module.sequences.first?.problem
          ?? "was not called inside the capture; call the model inside `with capture(…)`"
        self.modules[module.name] = run
        continue
      }
      do {
        let captured = try CapturedModel(module, of: update)
        for sequence in usable {
          let given = try captured.sequence(sequence, name: module.name)
          let found = try ModelDiagnosis(given.problem, plan: DiagnosisPlan())
          compare(found, given, &run.check)
          add(found, module, to: &sums)
        }
        models.append((module, captured))
      } catch let error as DiagnosisError {
        run.problem = "\(error)"
      } catch let error as CaseError where error.kind == .notFinite {
        run.problem = "\(error)"
      } catch let error as CaseError where error.kind == .unsupported {
        run.problem = error.problem
      }
      self.modules[module.name] = run
    }
    for (module, captured) in models { try compare(module, captured, sums) }
  }

  private func compare(_ found: ModelDiagnosis, _ given: CapturedSequence, _ check: inout CaptureCheck) {
    if let captured = given.outputs { check.compareOutputs(found.outputs, captured, "outputs") }
    for (own, captured) in zip(found.finalState.layers.joined(), (given.finalHidden ?? []).joined()) {
      check.compareOutputs(own.hidden, captured, "h_n")
    }
    for (own, captured) in zip(found.finalState.layers.joined(), (given.finalCell ?? []).joined()) {
      check.compareOutputs(own.cell ?? [], captured, "c_n")
    }
    if let captured = given.inputGradients, let rows = found.inputGradients {
      check.compareInputs(rows.doubles, captured)
    }
  }

  private func add(_ found: ModelDiagnosis, _ module: CapturedUpdate.Module, to sums: inout [Int: [Double]]) {
    var gradients: [String: [Double]] = [:]
    for entry in found.gradients.entries { gradients[entry.name] = entry.gradient.doubles }
    for (place, names) in Self.places(module) {
      for (name, number) in names.named(place) {
        guard let own = gradients[name] else { continue }
        sums[number] = sums[number].map { zip($0, own).map { $0 + $1 } } ?? own
      }
    }
  }

  private mutating func compare(
    _ module: CapturedUpdate.Module, _ captured: CapturedModel, _ sums: [Int: [Double]]
  ) throws {
    let update = captured.update
    var compared: [(name: String, own: [Double], captured: [Double])] = []
    var reasons: Set<String> = []
    for (place, names) in Self.places(module) {
      for (_, number) in names.named(place) {
        let parameter = update.parameters[number]
        // The whole gradient, then, with what others add to it.
        guard !parameter.isUsedElsewhere || ![.float16, .bfloat16].contains(module.type) else {
          reasons.insert("used elsewhere as well")
          continue
        }
        guard parameter.isTrained else {
          reasons.insert("frozen")
          continue
        }
        guard let gradient = try captured.gradient(of: number) else {
          reasons.insert("automatic differentiation left none")
          continue
        }
        compared.append((parameter.name, sums[number] ?? gradient.map { _ in 0 }, gradient))
      }
    }
    let scale = Double.euclideanNorm(compared.map { Double.euclideanNorm($0.captured) })
    for (name, own, gradient) in compared {
      modules[module.name]?.check.compareWeights(own, gradient, scale: scale, name)
    }
    if compared.isEmpty { modules[module.name]?.check.reason = reasons.sorted().joined(separator: ", ") }
  }

  private static func places(
    _ module: CapturedUpdate.Module
  ) -> [(place: LayerPlace, parameters: CapturedUpdate.Parameters)] {
    module.layers.enumerated().flatMap { l, layer in
      zip(Direction.allCases, layer).map { (LayerPlace(layer: l, direction: $0), $1) }
    }
  }
}

extension ScaledRows<Double> {
  /// Plain numbers: 0 below the range of `Double`, ±∞ above it.
  fileprivate var doubles: [Double] {
    values.indices.map { scalbn(values[$0], exponents[$0 / width]) }
  }
}
