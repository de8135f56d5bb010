import AllocationCounter
import Experiments
import Foundation
import TestSupport
import Testing

/// What takes the most time and memory for its length.
@Suite("Cost of specifications", .enabled(if: allocations_are_counted(), "sizes are counted with glibc only"))
struct SpecificationCostTests {
  struct Costly: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let text: String

    init(_ name: String, _ text: String) { (testDescription, self.text) = (name, text) }
  }

  static let costly = [
    Costly(
      "ranges of 100,000 on every axis",
      "name: x\nseeds: 100000\nsequence_length: {from: 1, to: 100000, step: 1}\n"
        + ["spectral_radius", "input_scale", "forget_bias"].map {
          "\($0): {from: 0.1, to: 0.7, count: 100000}\n"
        }
        .joined()
        + ["hidden_size", "input_size", "batch_size", "readout_size"]
        .map { "\($0): {from: 1, to: 16000, count: 16000}\n" }.joined() + "loss: [final-mse]\n"),
    Costly("a long list", "name: x\nseeds: [" + String(repeating: "1,", count: 1_000_000) + "1]"),
    Costly("keys in sequence", (0..<100_000).map { "\($0): 1\n" }.joined()),
    Costly("anchors", (0..<100_000).map { "a\($0): &a\($0) x\n" }.joined()),
    Costly("lists as keys", (0..<100_000).map { "? [\($0)]\n: 1\n" }.joined()),
    Costly("pairs in a list", "[" + String(repeating: "? a, ", count: 200_000)),
    Costly("deep and wide", String(repeating: "[", count: 990) + String(repeating: "a: b, ", count: 100_000)),
    Costly(
      "deep and wide blocks",
      String(repeating: "- ", count: 900) + "a\n" + String(repeating: "- a\n", count: 200_000)),
    Costly("repeated keys", String(repeating: "a: 1\n", count: 200_000)),
  ]

  @Test(.timeLimit(.minutes(2)), arguments: costly)
  func areInProportion(_ costly: Costly) {
    let cost = ReadingCost { _ = try SweepSpecification.parse(text: costly.text, file: "x.yaml") }
    #expect(cost.error is SpecificationError)
    #expect(cost.excess(forBytes: costly.text.utf8.count, of: .specification) == nil)
  }
}
