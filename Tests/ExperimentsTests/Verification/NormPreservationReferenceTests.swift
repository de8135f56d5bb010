import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

/// The penalty of the reference cases that have one, with its gradients by automatic differentiation.
@Suite("Norm-preserving penalty of the reference cases") struct NormPreservationReferenceTests {
  private struct Expected: Decodable {
    struct Penalty: Decodable {
      let ratio: [[Double]]
      let omega, squared: Double

      enum CodingKeys: String, CodingKey {
        case ratio, omega
        case squared = "omega_squared_ratio"
      }
    }
    let penalty: Penalty?

    enum CodingKeys: String, CodingKey { case penalty = "norm_preservation_penalty" }

    init(_ name: String) throws {
      let url = URL(fileURLWithPath: ReferenceCases.path(name) + "/expected.json")
      self = try JSONDecoder().decode(Expected.self, from: Data(contentsOf: url))
    }
  }

  private static let cases = ReferenceCases.names.filter { (try? Expected($0))?.penalty != nil }

  @Test func sevenCasesHaveOne() { #expect(Self.cases.count == 7) }

  @Test(arguments: cases) func agrees(_ name: String) throws {
    let penalty = try #require(try Expected(name).penalty)
    let reference = try ReferenceCase(directory: ReferenceCases.path(name))
    let tensors = try NPZFile(contentsOf: ReferenceCases.path(name) + "/expected.npz")
    let problem = reference.problem(Double.self)
    func measure<Cell: RecurrentCell<Double>>(_ type: Cell.Type) -> [[Double]] {
      var pass = SequencePass(
        cell: Cell(parameters: problem.parameters), shape: problem.shape, inputs: problem.numbers,
        initialState: problem.firstState)
      var probe = NormPreservation<Double>(shape: problem.shape)
      _ = pass.backward(loss: problem.loss, probe: &probe)
      return [
        probe.ratios, [probe.penalty, probe.squaredRatioPenalty], probe.gradient.values,
        probe.squaredRatioGradient.values,
      ]
    }
    let found = measure(reference.cell.type(for: Double.self))
    func agree(_ a: [Double], _ b: [Double]) -> String? {
      // Relative to the largest entry for tensors; what is nothing but rounding absolutely.
      let largest = b.reduce(0) { max($0, $1.magnitude) }
      return difference(a, b, absolute: 1e-10 * largest + 1e-12)
    }
    #expect(agree(found[0], penalty.ratio.flatMap { $0 }) == nil)
    #expect(agree([found[1][0]], [penalty.omega]) == nil)
    #expect(agree([found[1][1]], [penalty.squared]) == nil)
    for (values, key) in [
      (found[2], "omega_grad.weight_hh_l0"), (found[3], "omega_squared_ratio_grad.weight_hh_l0"),
    ] {
      #expect(agree(values, try #require(tensors[key]).doubles()) == nil, "\(key)")
    }
  }
}
