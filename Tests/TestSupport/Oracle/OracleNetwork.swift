// swift-format-ignore-file: AlwaysUseLowerCamelCase

import RecurrentCells

/// A whole network as nested arrays of plain numbers: the oracle for ``Network``.
///
/// Each sequence is run alone, at its own length, by plain loops: nothing is packed, padded, scaled or shared
/// with the library but types that only carry names.
public struct OracleNetwork: Sendable, Equatable {
  /// An embedding, if there is one, and recurrent layers.
  public struct Part: Sendable, Equatable {
    /// E [V][E].
    public var embedding: [[Double]]?
    /// By layer, then by direction.
    public var layers: [[NaiveCell]]

    public init(embedding: [[Double]]? = nil, layers: [[NaiveCell]]) {
      self.embedding = embedding
      self.layers = layers
    }

    /// x of a token, or given.
    func rows(_ inputs: OracleInputs) -> [[Double]] {
      switch inputs {
      case .dense(let rows): return rows
      case .tokens(let ids):
        if let embedding { return ids.map { embedding[$0] } }
        return ids.map { id in (0..<layers[0][0].inputSize).map { $0 == id ? 1 : 0 } }
      }
    }
  }

  /// Reads the source of each sequence first; its layers' final states are the initial ones of `body`.
  public var encoder: Part?
  public var body: Part
  /// [O][D·H], the embedding where it is tied, and [O].
  public var W_o: [[Double]]
  public var b_o: [Double]
  /// Whether W_o is the embedding, one array.
  public var isTied: Bool

  public init(encoder: Part? = nil, body: Part, W_o: [[Double]], b_o: [Double], isTied: Bool = false) {
    self.encoder = encoder
    self.body = body
    self.W_o = W_o
    self.b_o = b_o
    self.isTied = isTied
  }

  public var cell: NaiveNetwork.Cell { body.layers[0][0].kind }
  /// L, D and H.
  public var layerCount: Int { body.layers.count }
  public var directionCount: Int { body.layers[0].count }
  public var hiddenSize: Int { body.layers[0][0].hiddenSize }
}

/// What a sequence gives a network to read, step by step.
public enum OracleInputs: Sendable, Equatable {
  /// [T_b][I].
  case dense([[Double]])
  /// [T_b].
  case tokens([Int])

  /// T_b.
  public var count: Int {
    switch self {
    case .dense(let rows): return rows.count
    case .tokens(let ids): return ids.count
    }
  }
}

/// One sequence of a batch.
public struct OracleSequence: Sendable, Equatable {
  public var inputs: OracleInputs
  /// What an encoder reads.
  public var source: OracleInputs?
  /// By layer, then by direction [H]; nil: zero. Not beside a source.
  public var h_0, c_0: [[[Double]]]?
  /// What a layer's outputs are multiplied by before the next one reads them: by layer but the last
  /// [T_b][D·H]; empty: 1.
  public var masks: [[[Double]]] = []
  public var sourceMasks: [[[Double]]] = []

  public init(
    _ inputs: OracleInputs, source: OracleInputs? = nil, h_0: [[[Double]]]? = nil, c_0: [[[Double]]]? = nil
  ) {
    self.inputs = inputs
    self.source = source
    self.h_0 = h_0
    self.c_0 = c_0
  }

  /// T_b.
  public var count: Int { inputs.count }
}

/// A loss of the outputs of a batch, or gradients in place of one.
public struct OracleLoss: Sendable, Equatable {
  /// What is wanted of a step.
  public enum Target: Sendable, Equatable {
    /// −log softmax(W_o h + b_o)[class].
    case `class`(Int)
    /// The mean over o of (W_o h + b_o − value)².
    case values([Double])
    /// g · h, without readout: ∂L/∂h = g 2^power.
    case gradient([Double], power: Int)
  }

  /// What the terms read.
  public enum Reading: String, Sendable, CaseIterable, Codable {
    /// The last state of each direction in its own time.
    case finalStates = "final-states"
    /// What is given at the sequence's last step.
    case lastOutput = "last-output"
    /// What is given at a step of the sequence.
    case everyStep = "every-step"
  }

  public var reading: Reading
  /// By sequence, for each step, or one for the end; nil: ignored. L is the mean over those of classes and
  /// values that are there, and the sum of gradients.
  public var targets: [[Target?]]

  public init(_ reading: Reading, _ targets: [[Target?]]) {
    self.reading = reading
    self.targets = targets
  }
}
