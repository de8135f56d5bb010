import LinearAlgebra
import RecurrentCells
import TestSupport
import Testing

@Suite struct NetworkRecipeTests {
  private static func layer(_ cell: CellKind = .lstm, hidden: Int = 12, inputs: Int = 5) -> ParameterRecipe {
    ParameterRecipe(
      cell: cell, hiddenSize: hidden, inputSize: inputs, spectralRadius: 1.3, inputScale: 0.7, forgetBias: 2,
      rootSeed: 4, seed: 9)
  }

  /// The first layer, read forward, has the numbers it has alone, whatever is above and beside it.
  @Test(arguments: CellKind.allCases) func theFirstLayerIsDrawnAsIfItWereAlone(_ cell: CellKind) throws {
    let alone = try Self.layer(cell).parameters()
    for (layers, both) in [(1, false), (3, false), (2, true)] {
      let network = try NetworkRecipe(
        Self.layer(cell), layers: layers, isBidirectional: both, outputSize: 2
      ).network()
      #expect(network[LayerPlace(layer: 0)] == alone)
      #expect(
        network.recurrent.layers.count == layers && network.recurrent.directions.count == (both ? 2 : 1))
    }
  }

  @Test func everyBlockOfEveryLayerHasTheRadiusAndNumbersOfItsOwn() throws {
    let network = try NetworkRecipe(
      Self.layer(), layers: 3, isBidirectional: true, outputSize: 2, source: nil
    ).network()
    var blocks: [[Double]] = []
    for place in network.places {
      let p = network[place]
      for gate in 0..<4 {
        let block = p.recurrentBlock(gate)
        #expect(abs(try block.spectralRadius() - 1.3) < 1e-10)
        blocks.append(block.values)
      }
      // The forget bias of every layer.
      #expect(Array(p.biasIH[12..<24]) == Array(repeating: 2, count: 12))
      #expect(p.biasIH.reduce(0, +) == 24)
    }
    #expect(blocks.count == 24 && Set(blocks).count == 24)
  }

  /// sd(W_ih) = s/√(D·H) above the first layer, and s/√(E‖x‖²) in it.
  @Test func inputWeightsOfUpperLayersHaveTheScaleOfWhatTheyRead() throws {
    let recipe = NetworkRecipe(
      Self.layer(.gru, hidden: 64, inputs: 40), layers: 2, isBidirectional: true, outputSize: 3)
    let network = try recipe.network()
    func deviation(_ place: LayerPlace) -> Double {
      let values = network[place].weightIH.values
      return (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
    }
    for direction in Direction.allCases {
      #expect(
        abs(deviation(LayerPlace(layer: 0, direction: direction)) / (0.7 / 40.0.squareRoot()) - 1) < 0.02)
      #expect(
        abs(deviation(LayerPlace(layer: 1, direction: direction)) / (0.7 / 128.0.squareRoot()) - 1) < 0.02)
    }
    #expect(network.readout.weight.columns == 128 && network.readout.weight.rows == 3)
  }

  @Test func anEmbeddingHasUnitRowsAndATiedOneThoseOfAReadout() throws {
    var layer = Self.layer(.rnn, hidden: 32, inputs: 500)
    layer.meanInputSquare = 1
    func square(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } / Double(values.count) }
    let own = try NetworkRecipe(layer, embeddingSize: 32, outputSize: 500).network()
    let embedding = try #require(own.embedding)
    #expect(embedding.rows == 500 && embedding.columns == 32 && abs(square(embedding.values) - 1) < 0.05)
    #expect(abs(square(own[LayerPlace(layer: 0)].weightIH.values) - 0.49 / 32) < 0.003)
    #expect(!own.tiesReadout && own.readout.weight != embedding)
    let tied = try NetworkRecipe(layer, embeddingSize: 32, tiesReadout: true, outputSize: 500).network()
    #expect(tied.tiesReadout && tied.embedding == tied.readout.weight)
    #expect(abs(square(tied.readout.weight.values) * 32 - 1) < 0.05)
    // An embedding of rows with E‖x‖² = 1.
    #expect(abs(square(tied[LayerPlace(layer: 0)].weightIH.values) - 0.49) < 0.1)
  }

  @Test func anEncoderIsDrawnLikeItsDecoderFromOtherStreams() throws {
    let network = try NetworkRecipe(
      Self.layer(.gru), layers: 2, embeddingSize: 6, outputSize: 4, source: .init(inputSize: 5)
    ).network()
    let encoder = try #require(network.encoder)
    #expect(network.places.map(\.part) == [.encoder, .encoder, .decoder, .decoder])
    for layer in 0..<2 {
      let (read, said) = (encoder.recurrent.layers[layer][0], network.recurrent.layers[layer][0])
      #expect(read.weightHH != said.weightHH && read.weightIH != said.weightIH)
      for gate in 0..<3 { #expect(abs(try read.recurrentBlock(gate).spectralRadius() - 1.3) < 1e-10) }
    }
    #expect(encoder.embedding != network.embedding && encoder.embedding?.rows == 5)
  }

  @Test func aDeviationIsThatOfEveryWeight() throws {
    let network = try NetworkRecipe(
      Self.layer(.rnn, hidden: 50, inputs: 30), layers: 2, embeddingSize: 40, outputSize: 30,
      weightDeviation: 0.2
    ).network()
    for (place, values) in zip(network.arrayPlaces, network.arrays) where !place.name.contains("bias") {
      let deviation = (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
      #expect(abs(deviation / 0.2 - 1) < 0.1, "\(place.name)")
    }
  }
}
