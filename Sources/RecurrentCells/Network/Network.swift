import LinearAlgebra

/// A recurrent network: an embedding of token ids, if it has one, recurrent layers of one kind of cell, each read
/// forward or in both directions, and the linear readout of what the last layer gives. With an encoder, its layers
/// start from the final states of the encoder's.
///
///     x_t = E[id_t]  or given,   h_t^l = cell(h_t^(l−1), h_(t−1)^l),   y_t = W_o h_t^L + b_o
///
/// One recurrent layer, read forward, is the case of one layer. Shapes and names of parameters are PyTorch's.
public struct Network<Element: Scalar>: Sendable, Equatable {
  /// Reads a source sequence; the layers below start from its final states. nil: they start at zero, or where told.
  public var encoder: Encoder<Element>?
  /// E [V, E]; nil: inputs are numbers, or one-hot rows of tokens.
  public var embedding: Matrix<Element>?
  public var recurrent: RecurrentModel<Element>
  public var readout: Readout<Element>
  /// Whether the readout's weight is the embedding: one array, whose gradient is the sum of both.
  public let tiesReadout: Bool

  /// - Precondition: the first layer reads what the embedding gives; the readout reads what the last layer gives;
  ///   tied ones have the same shape, and equal values; an encoder has the same cell, layers and H, all read forward.
  public init(
    encoder: Encoder<Element>? = nil, embedding: Matrix<Element>? = nil, recurrent: RecurrentModel<Element>,
    readout: Readout<Element>, tiesReadout: Bool = false
  ) {
    if let embedding {
      precondition(
        embedding.columns == recurrent.inputSize,
        "an embedding of \(embedding.columns) numbers for a layer that reads \(recurrent.inputSize)")
    }
    precondition(
      readout.weight.columns == recurrent.outputSize,
      "a readout of \(readout.weight.columns) numbers for layers that give \(recurrent.outputSize)")
    if let encoder {
      precondition(
        encoder.recurrent.cell == recurrent.cell && encoder.recurrent.layers.count == recurrent.layers.count
          && encoder.recurrent.hiddenSize == recurrent.hiddenSize
          && encoder.recurrent.directions.count == 1 && recurrent.directions.count == 1,
        "an encoder has the cell, layers and hidden size of its decoder, and both are read forward")
    }
    precondition(!tiesReadout || embedding == readout.weight, "a tied readout is its embedding")
    self.encoder = encoder
    self.embedding = embedding
    self.recurrent = recurrent
    self.readout = readout
    self.tiesReadout = tiesReadout
  }

  /// One recurrent layer, read forward.
  public init(cell: CellKind, parameters: RecurrentParameters<Element>, readout: Readout<Element>) {
    self.init(recurrent: RecurrentModel(cell: cell, parameters: parameters), readout: readout)
  }

  /// Layers without a readout, which then has no outputs: for a loss that reads what they give.
  public init(_ recurrent: RecurrentModel<Element>) {
    self.init(
      recurrent: recurrent,
      readout: Readout(weight: Matrix(rows: 0, columns: recurrent.outputSize), bias: []))
  }

  /// The cell of every layer.
  public var cell: CellKind { recurrent.cell }
  /// V: how many tokens it can read; nil without an embedding.
  public var vocabularySize: Int? { embedding?.rows }
  /// Numbers of a row of inputs, or V.
  public var inputSize: Int { vocabularySize ?? recurrent.inputSize }

  /// Its layers and directions, in their order.
  public var places: [LayerPlace] {
    let part: NetworkPart? = encoder == nil ? nil : .decoder
    return (encoder?.recurrent.places(part: .encoder) ?? []) + recurrent.places(part: part)
  }

  /// The weights of one of them.
  public subscript(place: LayerPlace) -> RecurrentParameters<Element> {
    if place.part == .encoder, let encoder {
      return encoder.recurrent.layers[place.layer][place.direction.index]
    }
    return recurrent.layers[place.layer][place.direction.index]
  }
}

/// The part of a network that reads a source sequence before the rest begins.
public struct Encoder<Element: Scalar>: Sendable, Equatable {
  /// E [V, E]; nil: inputs are numbers, or one-hot rows of tokens.
  public var embedding: Matrix<Element>?
  public var recurrent: RecurrentModel<Element>

  /// - Precondition: the first layer reads what the embedding gives.
  public init(embedding: Matrix<Element>? = nil, recurrent: RecurrentModel<Element>) {
    precondition(
      embedding.map { $0.columns == recurrent.inputSize } ?? true,
      "an embedding of \(embedding?.columns ?? 0) numbers for a layer that reads \(recurrent.inputSize)")
    self.embedding = embedding
    self.recurrent = recurrent
  }
}

extension RecurrentModel {
  func places(part: NetworkPart?) -> [LayerPlace] {
    layers.indices.flatMap { layer in
      directions.map { LayerPlace(part: part, layer: layer, direction: $0) }
    }
  }
}
