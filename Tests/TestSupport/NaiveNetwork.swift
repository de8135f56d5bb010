// swift-format-ignore-file: AlwaysUseLowerCamelCase

import LinearAlgebra

/// Sizes of a small network and the seed that draws it; prints as the id of a test argument.
public struct NaiveSizes: Sendable, CustomStringConvertible {
  public var steps, batch, inputSize, hiddenSize: Int
  public var seed: UInt64

  public init(_ steps: Int, _ batch: Int, _ inputSize: Int, _ hiddenSize: Int, seed: UInt64 = 1) {
    self.steps = steps
    self.batch = batch
    self.inputSize = inputSize
    self.hiddenSize = hiddenSize
    self.seed = seed
  }

  public var description: String {
    "T=\(steps) B=\(batch) I=\(inputSize) H=\(hiddenSize) seed=\(seed)"
  }
}

/// A recurrent network on one batch, as nested arrays of plain numbers: the oracle for the library.
///
/// Nothing here is fast, scaled or shared with the library but the generator of random numbers. Raw
/// values of the cells are the library's names.
public struct NaiveNetwork: Sendable {
  public enum Cell: String, Sendable, CaseIterable {
    case tanh = "rnn"
    case relu = "rnn-relu"
    case linear = "rnn-linear"
    case lstm, gru

    /// G.
    public var gateCount: Int { self == .lstm ? 4 : self == .gru ? 3 : 1 }
  }

  public var cell: Cell
  public var sizes: NaiveSizes
  /// [G·H][I], [G·H][H], [G·H], [G·H].
  public var W_ih, W_hh: [[Double]]
  public var b_ih, b_hh: [Double]
  /// [T][B][I].
  public var x: [[[Double]]]
  /// [B][H].
  public var h_0, c_0: [[Double]]
  public var loss: NaiveLoss
  /// [O][H] and [O]; empty for a loss without readout.
  public var W_o: [[Double]]
  public var b_o: [Double]

  /// A network whose every number is drawn from the seed.
  ///
  /// - Parameters:
  ///   - weightScale: W_hh ~ N(0, weightScale² / H).
  ///   - hasInitialState: h_0 and c_0 are random; otherwise 0.
  public init(
    _ cell: Cell, _ sizes: NaiveSizes, loss kind: NaiveLoss.Kind, weightScale: Double = 0.9,
    hasInitialState: Bool = true
  ) {
    var stream = RandomStream(rootSeed: sizes.seed, trialSeed: 0, purpose: .other(0))
    let (T, B, I, H) = (sizes.steps, sizes.batch, sizes.inputSize, sizes.hiddenSize)
    let rows = cell.gateCount * H
    func matrix(_ m: Int, _ n: Int, _ scale: Double) -> [[Double]] {
      (0..<m).map { _ in stream.normals(n, standardDeviation: scale) }
    }
    self.cell = cell
    self.sizes = sizes
    W_ih = matrix(rows, I, 0.7 / Double(I).squareRoot())
    W_hh = matrix(rows, H, weightScale / Double(H).squareRoot())
    b_ih = stream.normals(rows, standardDeviation: 0.3)
    b_hh = stream.normals(rows, standardDeviation: 0.3)
    x = (0..<T).map { _ in matrix(B, I, 1) }
    let state = hasInitialState ? 0.8 : 0
    h_0 = matrix(B, H, state)
    c_0 = cell == .lstm ? matrix(B, H, state) : []
    let O = kind.hasReadout ? 3 : 0
    W_o = matrix(O, H, 0.8)
    b_o = stream.normals(O, standardDeviation: 0.2)
    loss = NaiveLoss(kind, sizes: sizes, outputs: O, from: &stream)
  }
}

/// A loss of the naive network.
public enum NaiveLoss: Sendable {
  /// Σ_b v · h_T[b].
  case finalDot(v: [Double])
  /// Mean over b and o of (y − target)²; targets [B][O].
  case finalMeanSquare(targets: [[Double]])
  /// Mean over the steps read and b of −log softmax(y)[class]; classes [B] by step 1…T.
  case crossEntropy(classes: [Int: [Int]], kind: Kind)

  /// Which losses a test runs over.
  public enum Kind: String, Sendable, CaseIterable {
    case finalDot, finalMeanSquare, crossEntropyFinal, crossEntropyEveryStep, crossEntropySparse
    public var hasReadout: Bool { self != .finalDot }
  }

  init(_ kind: Kind, sizes: NaiveSizes, outputs: Int, from stream: inout RandomStream) {
    let (T, B) = (sizes.steps, sizes.batch)
    func classes(_ steps: Set<Int>) -> NaiveLoss {
      var drawn: [Int: [Int]] = [:]
      for t in steps.sorted() { drawn[t] = (0..<B).map { _ in stream.integer(below: outputs) } }
      return .crossEntropy(classes: drawn, kind: kind)
    }
    switch kind {
    case .finalDot: self = .finalDot(v: stream.normals(sizes.hiddenSize))
    case .finalMeanSquare:
      self = .finalMeanSquare(targets: (0..<B).map { _ in stream.normals(outputs) })
    case .crossEntropyFinal: self = classes([T])
    case .crossEntropyEveryStep: self = classes(Set(1...T))
    // Not the last step (unless it is the only one), so that the recursion starts from nothing.
    case .crossEntropySparse: self = classes([1, max(1, T / 3), max(1, T - 2)])
    }
  }
}
