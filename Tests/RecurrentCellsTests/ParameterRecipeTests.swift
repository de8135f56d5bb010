import GradientFlow
import TestSupport
import Testing

@Suite("Parameter recipes")
struct ParameterRecipeTests {
  private static func recipe(_ cell: CellKind, seed: UInt64 = 3) -> ParameterRecipe {
    ParameterRecipe(
      cell: cell, hiddenSize: 12, inputSize: 5, spectralRadius: 0.8, inputScale: 0.5,
      forgetBias: 2, seed: seed)
  }

  @Test(arguments: CellKind.allCases)
  func everyBlockHasTheSpectralRadius(cell: CellKind) throws {
    let parameters = try Self.recipe(cell).parameters()
    #expect(parameters.gateCount == cell.gates.count && parameters.inputSize == 5)
    for gate in cell.gates.indices {
      let radius = try parameters.recurrentBlock(gate).spectralRadius()
      #expect((radius - 0.8).magnitude < 1e-14)
      #expect(try Self.recipe(cell).recurrentBlock(gate) == parameters.recurrentBlock(gate))
    }
  }

  @Test func onlyTheForgetGateHasABias() throws {
    let lstm = try Self.recipe(.lstm).parameters()
    #expect(lstm.biasIH == (0..<48).map { (12..<24).contains($0) ? 2 : 0 })
    #expect(lstm.biasHH.allSatisfy { $0 == 0 })
    let gru = try Self.recipe(.gru).parameters()
    #expect(gru.biasIH.allSatisfy { $0 == 0 } && gru.biasHH.allSatisfy { $0 == 0 })
  }

  @Test func cellsShareTheirFirstBlock() throws {
    let blocks = try CellKind.allCases.map { try Self.recipe($0).parameters().recurrentBlock(0) }
    #expect(blocks.allSatisfy { $0 == blocks[0] })
    #expect(try Self.recipe(.rnn, seed: 4).parameters().recurrentBlock(0) != blocks[0])
  }

  @Test func radiusScalesTheSameMatrix() throws {
    var recipe = Self.recipe(.rnn)
    let block = try recipe.recurrentBlock(0)
    recipe.spectralRadius = 1.6
    let twice = try recipe.recurrentBlock(0)
    #expect(difference(twice.values, block.values.map { 2 * $0 }, relative: 1e-15) == nil)
  }

  // 200 · 50 entries: the standard error of their variance is √(2/10,000) of it, 1.4 %; 5 of them.
  @Test(arguments: [nil, 1.0])
  func inputCurrentsHaveTheAskedScale(meanInputSquare: Double?) throws {
    let recipe = ParameterRecipe(
      cell: .rnn, hiddenSize: 200, inputSize: 50, initializer: .identity, spectralRadius: 1,
      inputScale: 0.5, meanInputSquare: meanInputSquare, seed: 9)
    let weights = try recipe.parameters().weightIH.values
    let variance = weights.reduce(0) { $0 + $1 * $1 } / 10_000
    let expected = 0.25 / (meanInputSquare ?? 50)
    #expect((variance / expected - 1).magnitude < 0.07)
  }

  @Test func conversionRoundsEveryNumber() throws {
    let parameters = try Self.recipe(.gru).parameters()
    let single = parameters.converted(to: Float.self)
    #expect(single.weightHH.values == parameters.weightHH.values.map { Float($0) })
    #expect(single.weightIH.values == parameters.weightIH.values.map { Float($0) })
    #expect(single.converted(to: Double.self).converted(to: Float.self) == single)
  }

  @Test func everyCellHasANaiveTwinThatChecksIt() {
    let naive = Set(NaiveNetwork.Cell.allCases.map(\.rawValue))
    #expect(naive == Set(CellKind.allCases.map(\.rawValue)))
  }
}
