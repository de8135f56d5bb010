import GradientFlow
import TestSupport
import Testing

@Suite("Gradients of embeddings")
struct EmbeddingGradientTests {
  private static let ids = [1, 4, 4, 0, 1, 1, 4, 0]

  private func result(
    _ item: SmallNetwork, loss: (Network<Double>) -> any SequenceLoss<Double>
  ) -> NetworkBackwardResult<Double> {
    let network = item.network()
    let pass = NetworkPass<GRUCell<Double>>()
    pass.run(
      network,
      on: NetworkInputs(
        shape: BatchShape(steps: 4, batch: 2), inputs: .tokens(Self.ids, count: item.vocabulary ?? 0)))
    return pass.backward(loss: loss(network))
  }

  private static func crossEntropy(_ network: Network<Double>) -> any SequenceLoss<Double> {
    CrossEntropyLoss(classes: ids.map { $0 % 5 }, readout: network.readout, placement: .everyStep)
  }

  @Test(arguments: [1, 2]) func rowsThatNoTokenReadsStayExactlyZero(directions: Int) throws {
    let item = SmallNetwork(cell: .gru, directions: directions, vocabulary: 6)
    let found = try #require(result(item, loss: Self.crossEntropy).gradients["embedding.weight"])
    for row in 0..<6 {
      let numbers = found.values[row * 3..<(row + 1) * 3]
      if Self.ids.contains(row) {
        #expect(numbers.allSatisfy { $0 != 0 && $0.isFinite })
      } else {
        #expect(numbers.allSatisfy { $0 == 0 })
      }
    }
  }

  // A one-hot row times W_ih E^T is a row of the embedding: both networks are the same function of E.
  @Test func theGradientIsThatOfAOneHotLayer() throws {
    let item = SmallNetwork(cell: .gru, layers: 1, vocabulary: 5)
    let network = item.network()
    let embedding = try #require(network.embedding)
    var plain = network.recurrent.layers[0][0]
    let weight = plain.weightIH
    // W_ih Eᵀ [G·H, V].
    plain.weightIH = Matrix(
      rows: weight.rows, columns: 5,
      values: (0..<weight.rows).flatMap { r in
        (0..<5).map { v in (0..<3).reduce(0) { $0 + weight[r, $1] * embedding[v, $1] } }
      })
    let pass = NetworkPass<GRUCell<Double>>()
    pass.run(
      Network(cell: .gru, parameters: plain, readout: network.readout),
      on: NetworkInputs(shape: BatchShape(steps: 4, batch: 2), inputs: .tokens(Self.ids, count: 5)))
    let oneHot = pass.backward(loss: Self.crossEntropy(network))
    let found = result(item, loss: Self.crossEntropy)
    #expect((found.loss - oneHot.loss).magnitude < 1e-14)
    // ∂L/∂E[v] = Σ_r ∂L/∂(W_ih Eᵀ)[r, v] W_ih[r].
    let outer = try #require(oneHot.gradients["weight_ih_l0"]).doubles
    let expected = (0..<5).flatMap { v in
      (0..<3).map { i in (0..<weight.rows).reduce(0) { $0 + outer[$1 * 5 + v] * weight[$1, i] } }
    }
    let own = try #require(found.gradients["embedding.weight"]).doubles
    #expect(difference(own, expected, relative: 1e-12, absolute: 1e-15) == nil)
  }

  @Test func aTiedWeightHasTheSumOfBothGradients() throws {
    var item = SmallNetwork(cell: .gru, vocabulary: 5, inputSize: 4, isTied: true)
    let tied = result(item, loss: Self.crossEntropy)
    #expect(tied.gradients["readout.weight"] == nil)
    let network = item.network()
    #expect(tied.gradients.entries.map(\.name) == network.arrayPlaces.map(\.name))
    item.isTied = false
    // The same numbers, apart.
    let apart = Network(
      embedding: network.embedding, recurrent: network.recurrent, readout: network.readout)
    let pass = NetworkPass<GRUCell<Double>>()
    pass.run(
      apart, on: NetworkInputs(shape: BatchShape(steps: 4, batch: 2), inputs: .tokens(Self.ids, count: 5)))
    let found = pass.backward(loss: Self.crossEntropy(apart)).gradients
    let sum = zip(
      try #require(found["embedding.weight"]).doubles, try #require(found["readout.weight"]).doubles
    ).map { $0 + $1 }
    let own = try #require(tied.gradients["embedding.weight"]).doubles
    #expect(difference(own, sum, relative: 1e-14, absolute: 1e-16) == nil)
  }

  // Rows with exponents of their own: 2^±3,000 beside each other, and the small ones alone where no large one is.
  @Test func rowsFarOutsideTheRangeKeepTheirDigits() throws {
    let item = SmallNetwork(cell: .rnnLinear, layers: 1, vocabulary: 3)
    for power in [-3_000, 3_000] {
      let network = item.network()
      let pass = NetworkPass<LinearCell<Double>>()
      pass.run(
        network, on: NetworkInputs(shape: BatchShape(steps: 1, batch: 2), inputs: .tokens([0, 2], count: 3)))
      func gradient(_ power: Int) throws -> ScaledArray<Double> {
        let loss = UpstreamGradient<Double>(
          values: (1...8).map(Double.init), exponents: [power, power], placement: .finalStep)
        return try #require(pass.backward(loss: loss).gradients["embedding.weight"])
      }
      let (scaled, plain) = (try gradient(power), try gradient(0))
      #expect(scaled.values.map { $0 == 0 } == plain.values.map { $0 == 0 })
      #expect(scaled.norm == ScaledNumber(plain.norm.mantissa, exponent: plain.norm.exponent + power))
    }
  }
}
