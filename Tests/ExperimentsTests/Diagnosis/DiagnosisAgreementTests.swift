import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

/// The reference cases, diagnosed and read back from the files that are written.
@Suite("Written diagnoses of the reference cases") struct DiagnosisAgreementTests {
  private typealias JSON = [String: Any]

  /// The numbers of a JSON array of any depth; null, the log10 of an exact zero, is −∞.
  private static func numbers(_ value: Any?) -> [Double] {
    switch value {
    case let list as [Any]: return list.flatMap(numbers)
    case let number as NSNumber: return [number.doubleValue]
    default: return [-.infinity]
    }
  }

  private static func json(_ path: String) throws -> JSON {
    let data = try #require(FileManager.default.contents(atPath: path))
    return try #require(try ExactJSON.object(with: data) as? JSON)
  }

  @Test(arguments: ReferenceCases.names) func everyFileAgrees(_ name: String) throws {
    let directory = try TemporaryDirectory()
    let reference = try ReferenceCase(directory: ReferenceCases.path(name))
    let expected = try Self.json(ReferenceCases.path(name) + "/expected.json")
    let atol = try #require((expected["tolerance"] as? JSON)?["float64_log10_atol"] as? Double)
    let (steps, batch) = (reference.shape.steps, reference.shape.batch)
    for element in Set([0, batch - 1]) {
      // The first and the last lag: ∂s_T/∂s_0 is of lag T.
      var plan = DiagnosisPlan(measures: [.gates, .jacobians], lagLimit: 2, furthestLag: .max)
      plan.element = element
      let diagnosis = try ModelDiagnosis(ModelProblem(reference), plan: plan)
      try diagnosis.write(to: directory.path)

      let values = CSVRows(try directory.read("singular_values.csv"))
      let size = reference.shape.hiddenSize
      var blocks = [("hidden", "log10_jacobian_hT_h0_singular_values", size)]
      if reference.cell.carriesCellState {
        blocks.append(("state", "log10_jacobian_state_singular_values", 2 * size))
      }
      for (block, key, count) in blocks {
        let found = values.rows(where: ["block": block, "lag": "\(steps)"])
          .map { $0["log10_sigma"].flatMap(Double.init) ?? .nan }
        let all = Self.numbers(expected[key])
        let problem = difference(
          found, Array(all[element * count..<(element + 1) * count]), absolute: atol)
        #expect(problem == nil, "\(key), element \(element): \(problem ?? "")")
      }
    }

    let table = CSVRows(try directory.read("timesteps.csv"))
    func compare(_ column: String, _ key: String, from first: Int = 0) {
      guard let values = expected[key] else { return }
      let found = table.rows.dropFirst(first).map { $0[column].flatMap(Double.init) ?? .nan }
      let problem = difference(found, Self.numbers(values), absolute: atol)
      #expect(problem == nil, "\(column): \(problem ?? "")")
    }
    compare("log10_grad_h", "log10_grad_h_norm")
    compare("log10_grad_c", "log10_grad_c_norm")
    compare("log10_grad_a", "log10_grad_preactivation_norm", from: 1)
    compare("log10_grad_w_hh", "log10_step_grad_weight_hh_norm", from: 1)
    compare("log10_grad_w_ih", "log10_step_grad_weight_ih_norm", from: 1)
    let examples = Self.numbers(expected["log10_grad_h_norm_per_example"])
    let means = (0...steps).map { t in
      examples[t * batch..<(t + 1) * batch].reduce(0, +) / Double(batch)
    }
    let problem = difference(
      table.rows.map { $0["log10_grad_h_mean"].flatMap(Double.init) ?? .nan }, means, absolute: atol)
    #expect(problem == nil, "log10_grad_h_mean: \(problem ?? "")")

    for (gate, key) in [("f", "forget_gate_mean"), ("z", "update_gate_mean")] {
      guard let means = expected[key] else { continue }
      let found = CSVRows(try directory.read("gates.csv")).rows(where: ["gate": gate])
        .map { $0["mean"].flatMap(Double.init) ?? .nan }
      #expect(difference(found, Self.numbers(means), relative: 1e-10) == nil, "\(key)")
    }

    let summary = try Self.json(directory.file("summary.json"))
    #expect(
      difference(Self.numbers(summary["loss"]), Self.numbers(expected["loss"]), relative: 1e-10) == nil)
    #expect(
      difference(
        Self.numbers(summary["log10_global_grad_norm"]), Self.numbers(expected["log10_global_grad_norm"]),
        absolute: atol) == nil)
    let file = try SafetensorsFile(contentsOf: directory.file("gradients.safetensors"))
    let totals = try #require(expected["log10_total_grad_norm"] as? JSON)
    #expect(Set(totals.keys) == Set(file.names))
    for (parameter, value) in totals {
      // A gradient beyond float64 stands there with norm 1, the logarithm of its own beside it.
      let written = Double.euclideanNorm(file[parameter]?.doubles() ?? [])
      let apart = file.metadata["\(parameter).log10_norm"].flatMap(Double.init)
      if apart != nil { #expect(abs(written - 1) < 1e-12) }
      #expect(
        difference([apart ?? log10(written)], Self.numbers(value), absolute: atol) == nil, "\(parameter)")
    }
  }
}
