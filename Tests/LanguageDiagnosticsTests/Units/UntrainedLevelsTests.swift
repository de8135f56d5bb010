import GradientFlow
import TestSupport
import Testing

@Suite("Untrained networks as a level")
struct UntrainedLevelsTests {
  @Test func aPairMustExceedTheBestUnitOfEveryOne() {
    // Two features, three untrained networks.
    let levels = UntrainedLevels(own: [0.5, 0.02], others: [[0.1, 0.01], [0.2, 0.03], [0.3, 0.02]])
    #expect(difference(levels.levels, [0.25, 0.02], absolute: 1e-15) == nil)
    #expect(difference(levels.ratios, [0.5, 1.2, 1.5], absolute: 1e-15) == nil)
    #expect((levels.threshold(feature: 0) - 0.375).magnitude < 1e-15)
    #expect(levels.probability(rSquared: 0.5, feature: 0) == 0.25)
    #expect(levels.probability(rSquared: 0.02, feature: 1) == 0.75)
    #expect(levels.probability(rSquared: 0, feature: 1) == 1)
  }

  @Test func anUntrainedNetworkIsDrawnAsPyTorchDoes() throws {
    let network = try SmallLanguageModel.make(.gru, hidden: 16, embedding: 3).network.converted(
      to: Float.self)
    let drawn = network.drawnAnew(seed: 4)
    #expect(drawn.arrayPlaces.map(\.name) == network.arrayPlaces.map(\.name))
    #expect(drawn != network && drawn == network.drawnAnew(seed: 4) && drawn != network.drawnAnew(seed: 5))
    for (place, values) in zip(drawn.arrayPlaces, drawn.arrays) where place.name.hasPrefix("weight_") {
      #expect(values.allSatisfy { $0.magnitude <= 0.25 })
      #expect(values.contains { $0 > 0.2 } && values.contains { $0 < -0.2 })
    }
  }

  /// Of a random network's units none keeps more than those of other random networks.
  @Test func nothingIsNamedOfANetworkThatNobodyTrained() throws {
    // Verse numbers are rare and stand at the end.
    let text =
      String(repeating: "say \"alpha\" (beta) {\n  gamma[delta]; // \"no\"\n}\n\n", count: 320)
      + String(repeating: "12:3 gamma delta\n", count: 9)
    let vocabulary = Vocabulary(charactersOf: text.unicodeScalars)
    let tokens = try vocabulary.encode(text)
    var named = 0
    for seed in [UInt64(101), 102, 103] {
      let template = try SmallLanguageModel.make(.lstm, layers: 1, size: vocabulary.count, hidden: 8)
      let model = try LanguageModel(
        template.network.converted(to: Float.self).drawnAnew(seed: seed), vocabulary)
      var options = UnitReportOptions()
      options.untrainedLength = 8192
      let report = try model.unitReport(tokens, options)
      #expect(report.table.features.contains("verse_number"))
      #expect(report.untrained?.ratios.count == 19)
      #expect(!UnitRanking(report.table).associations.isEmpty)
      named += report.findings.isEmpty ? 0 : 1
    }
    #expect(named == 0)
  }
}
