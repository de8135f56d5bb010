import LinearAlgebra

/// How a network is drawn: each layer and direction from streams of its own, by one ``ParameterRecipe``.
///
///     layer 0:  W_ih ~ N(0, s²/E‖x_t‖²)     layer l > 0:  W_ih ~ N(0, s²/(D·H))
///     embedding: rows ~ N(0, 1), so that E‖x_t‖² = E     readout: W_o ~ N(0, 1/(D·H)), b_o = 0
///
/// So a unit of an upper layer has an input current of standard deviation s times the root mean square of the states
/// below. A tied readout is drawn as a readout, whose rows then have E‖x_t‖² = 1 as an embedding.
///
/// - Note: Rows of an embedding as torch.nn.Embedding draws them.
public struct NetworkRecipe: Sendable, Hashable {
  /// What a part of the network reads at a step.
  public struct Reading: Sendable, Hashable {
    /// I, or V where there is an embedding.
    public var inputSize: Int
    /// E‖x_t‖² without an embedding.
    public var meanInputSquare: Double

    /// - Parameter meanInputSquare: nil: `inputSize`, as of standard normal inputs.
    public init(inputSize: Int, meanInputSquare: Double? = nil) {
      self.inputSize = inputSize
      self.meanInputSquare = meanInputSquare ?? Double(inputSize)
    }
  }

  /// Of the first layer, read forward; all others have its cell, H, initializer, radius, scale and biases.
  public var layer: ParameterRecipe
  /// L, and whether each is read in both directions.
  public var layers: Int
  public var isBidirectional: Bool
  /// E; nil: none.
  public var embeddingSize: Int?
  public var tiesReadout: Bool
  /// O; 0 for a loss without a readout, which then has no outputs.
  public var outputSize: Int
  /// What an encoder reads; nil: there is none.
  public var source: Reading?
  /// Standard deviation of every weight, in place of a radius and a scale; nil: those.
  public var weightDeviation: Double?

  /// One layer, read forward, of inputs that the layer's recipe knows.
  public init(
    _ layer: ParameterRecipe, layers: Int = 1, isBidirectional: Bool = false, embeddingSize: Int? = nil,
    tiesReadout: Bool = false, outputSize: Int, source: Reading? = nil, weightDeviation: Double? = nil
  ) {
    self.layer = layer
    self.layers = layers
    self.isBidirectional = isBidirectional
    self.embeddingSize = embeddingSize
    self.tiesReadout = tiesReadout
    self.outputSize = outputSize
    self.source = source
    self.weightDeviation = weightDeviation
  }

  /// D·H: numbers that the last layer gives.
  public var width: Int { directions.count * layer.hiddenSize }

  private var directions: [Direction] { isBidirectional ? Direction.allCases : [.forward] }

  /// What is drawn of a layer.
  public func recipe(_ place: LayerPlace) -> ParameterRecipe {
    var recipe = layer
    recipe.part = place.streamPart
    if place.layer > 0 {
      (recipe.inputSize, recipe.meanInputSquare) = (width, Double(width))
    } else {
      let reading =
        (place.part == .encoder ? source : nil)
        ?? Reading(inputSize: layer.inputSize, meanInputSquare: layer.meanInputSquare)
      recipe.inputSize = embeddingSize ?? reading.inputSize
      recipe.meanInputSquare =
        embeddingSize.map { isTied(place.part) ? 1 : Double($0) } ?? reading.meanInputSquare
    }
    // W_ih ~ N(0, s²) whatever the inputs are.
    if let weightDeviation { (recipe.inputScale, recipe.meanInputSquare) = (weightDeviation, 1) }
    return recipe
  }

  /// The network, in double precision.
  ///
  /// - Parameter block: where the blocks of W_hh that are scaled to a radius come from; by default
  ///   ``ParameterRecipe/recurrentBlock(_:)``.
  /// - Throws: `LinearAlgebraError` where such a block cannot be scaled.
  /// - Complexity: O(L·D·G·H³).
  public func network(
    block: ((ParameterRecipe, Int) throws(LinearAlgebraError) -> Matrix<Double>)? = nil
  ) throws(LinearAlgebraError) -> Network<Double> {
    let part: NetworkPart? = source == nil ? nil : .decoder
    let embedding = embedding(layer.inputSize, part)
    return Network(
      encoder: try source.map { (source) throws(LinearAlgebraError) in
        Encoder(
          embedding: self.embedding(source.inputSize, .encoder), recurrent: try recurrent(.encoder, block))
      }, embedding: embedding, recurrent: try recurrent(part, block),
      readout: readout(embedding), tiesReadout: tiesReadout)
  }

  private func recurrent(
    _ part: NetworkPart?, _ block: ((ParameterRecipe, Int) throws(LinearAlgebraError) -> Matrix<Double>)?
  ) throws(LinearAlgebraError) -> RecurrentModel<Double> {
    var drawn: [[RecurrentParameters<Double>]] = []
    for l in 0..<layers {
      var layer: [RecurrentParameters<Double>] = []
      for direction in directions {
        let recipe = recipe(LayerPlace(part: part, layer: l, direction: direction))
        layer.append(
          try recipe.parameters { (gate) throws(LinearAlgebraError) in
            if let weightDeviation { return recipe.gaussianBlock(gate, standardDeviation: weightDeviation) }
            if let block { return try block(recipe, gate) }
            return try recipe.recurrentBlock(gate)
          })
      }
      drawn.append(layer)
    }
    return RecurrentModel(cell: layer.cell, layers: drawn)
  }

  /// E ~ N(0, 1), or as a readout where that is tied to it.
  private func embedding(_ tokens: Int, _ part: NetworkPart?) -> Matrix<Double>? {
    guard let size = embeddingSize else { return nil }
    return gaussian(
      .embedding, part: part == .encoder ? 1 : 0, rows: tokens, columns: size,
      deviation: weightDeviation ?? (isTied(part) ? 1 / Double(size).squareRoot() : 1))
  }

  /// Whether the embedding of a part is the readout; an encoder has none.
  private func isTied(_ part: NetworkPart?) -> Bool { tiesReadout && part != .encoder }

  private func readout(_ embedding: Matrix<Double>?) -> Readout<Double> {
    let weight =
      tiesReadout
      ? embedding
      : gaussian(
        .readout, rows: outputSize, columns: width,
        deviation: weightDeviation ?? 1 / Double(width).squareRoot())
    return Readout(
      weight: weight ?? Matrix(rows: outputSize, columns: width), bias: Array(repeating: 0, count: outputSize)
    )
  }

  private func gaussian(
    _ purpose: RandomPurpose, part: UInt64 = 0, rows: Int, columns: Int, deviation: Double
  ) -> Matrix<Double> {
    var stream = RandomStream(
      rootSeed: layer.rootSeed, trialSeed: layer.seed, purpose: purpose, part: part)
    return Matrix(
      rows: rows, columns: columns, values: stream.normals(rows * columns, standardDeviation: deviation))
  }
}

extension ParameterRecipe {
  /// Block `gate` of W_hh ~ N(0, s²), from the stream of the one that is scaled.
  fileprivate func gaussianBlock(_ gate: Int, standardDeviation: Double) -> Matrix<Double> {
    var stream = stream(.hiddenWeights(block: gate))
    return Matrix(
      rows: hiddenSize, columns: hiddenSize,
      values: stream.normals(hiddenSize * hiddenSize, standardDeviation: standardDeviation))
  }
}

extension LayerPlace {
  /// Which part of a random stream is its own: 2·layer + direction, those of an encoder behind all of them.
  public var streamPart: UInt64 {
    UInt64(2 * layer + direction.index) + (part == .encoder ? 1 << 32 : 0)
  }
}
