import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite(
  "Networks against PyTorch",
  .enabled(if: TorchOracle.isThere, Comment(rawValue: TorchOracle.isAbsent)))
struct OracleTorchTests {
  /// PyTorch's tolerance in the terms of the package: of the largest entry.
  static let tolerance = 1e-9

  /// Drawn networks, in every second of which the batch is not in the order of lengths when PyTorch packs it;
  /// and some whose layers are joined by dropout.
  static let cases: [OracleCase] = (UInt64(1)...90).map { seed in
    var form = OracleCase.Form.drawn(seed: seed)
    form.clip = .none
    form.drops = seed % 9 == 0
    return OracleCase(form, seed: seed)
  }

  private static func difference(_ mine: [Double], _ theirs: [Double]) -> Double {
    guard mine.count == theirs.count else { return .infinity }
    let top = max(mine.map(\.magnitude).max() ?? 0, theirs.map(\.magnitude).max() ?? 0)
    return zip(mine, theirs).reduce(0) { worst, pair in
      let error = pair.0 == pair.1 ? 0 : (pair.0 - pair.1).magnitude / top
      // NaN is worse than any.
      return error <= worst ? worst : error
    }
  }

  /// The drawn networks as PyTorch gets them.
  private static let shuffled = cases.enumerated().map { index, item in
    var item = item
    if index % 2 == 1 {
      item.batch.reverse()
      item.loss.targets.reverse()
    }
    return item
  }

  private static let trainings = OracleOptimiser.allCases.flatMap { optimiser in
    OracleCase.trainings.map { (item: $0, optimiser: optimiser) }
  }

  /// Of all of them. One run of Python, for to import PyTorch takes seconds.
  private static let answers = Result {
    try TorchOracle.answers(
      shuffled.map { ($0, nil) } + trainings.map { ($0.item, $0.optimiser) }, updates: 12)
  }

  @Test func lossesOutputsAndEveryGradientAgree() throws {
    let answers = try Self.answers.get().prefix(Self.cases.count)
    #expect(answers.count == Self.cases.count)
    for ((item, original), answer) in zip(zip(Self.shuffled, Self.cases), answers) {
      try check(item, answer)
      // The library reads the longest first; dropout of its own it draws itself.
      if original.batch.allSatisfy(\.masks.isEmpty) { try checkLibrary(original, answer) }
    }
  }

  private func check(_ item: OracleCase, _ answer: TorchOracle.Answer) throws {
    let oracle = item.gradients
    func agree(_ what: String, _ mine: [Double], _ theirs: [Double]) {
      let found = Self.difference(mine, theirs)
      #expect(found <= Self.tolerance, "\(what) of \(item)")
    }
    agree("loss", [oracle.loss], [answer.loss])
    agree(
      "outputs", item.network.forward(item.batch).outputs.flatMap { $0.flatMap { $0 } },
      answer.outputs.flatMap { $0.flatMap { $0 } })
    #expect(Set(oracle.parameters.keys) == Set(answer.gradients.keys))
    for (name, gradient) in oracle.parameters {
      agree(name, gradient.doubles, try #require(answer.gradients[name]))
      if let fused = answer.fusedGradients {
        agree("packed \(name)", gradient.doubles, try #require(fused[name]))
      }
    }
    for (place, layer) in oracle.layers {
      let theirs = try #require(answer.layers[place.name("")])
      agree(
        "∂L/∂h of \(place.name(""))", layer.delta.flatMap { $0.flatMap(\.doubles) },
        theirs.hidden.flatMap { $0.flatMap { $0 } })
      if let cell = theirs.cell {
        agree(
          "∂L/∂c of \(place.name(""))", layer.kappa.flatMap { $0.flatMap(\.doubles) },
          cell.flatMap { $0.flatMap { $0 } })
      }
    }
  }

  private func checkLibrary(_ item: OracleCase, _ answer: TorchOracle.Answer) throws {
    let run = item.run(Double.self)
    if item.hasLoss {
      #expect(Self.difference([run.loss], [answer.loss]) <= Self.tolerance, "loss of \(item)")
    }
    for (name, gradient) in run.parameters {
      let theirs = try #require(answer.fusedGradients?[name] ?? answer.gradients[name])
      #expect(Self.difference(gradient.doubles, theirs) <= Self.tolerance, "\(name) of \(item)")
    }
  }

  // The plain trainings that the library's are compared with are PyTorch's.
  @Test func trainingsOfTheOracleAreThoseOfTorch() throws {
    let answers = try Self.answers.get().dropFirst(Self.cases.count)
    #expect(answers.count == Self.trainings.count)
    for ((item, optimiser), answer) in zip(Self.trainings, answers) {
      let theirs = try #require(answer.trained)
      for parameter in item.trained(by: optimiser, updates: 12).parameters {
        let found = Self.difference(parameter.values, try #require(theirs[parameter.name]))
        #expect(found <= 1e-12, "\(parameter.name) of \(item) by \(optimiser): \(found)")
      }
    }
  }
}
