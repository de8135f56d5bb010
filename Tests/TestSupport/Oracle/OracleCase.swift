// swift-format-ignore-file: AlwaysUseLowerCamelCase

import LinearAlgebra
import RecurrentCells

/// A small network on a batch with a loss; prints as the id of a test argument.
public struct OracleCase: Sendable, CustomStringConvertible {
  public var network: OracleNetwork
  public var batch: [OracleSequence]
  public var loss: OracleLoss
  public var clip: StepClip
  public var description: String

  public init(
    network: OracleNetwork, batch: [OracleSequence], loss: OracleLoss, clip: StepClip = .none,
    _ description: String
  ) {
    self.network = network
    self.batch = batch
    self.loss = loss
    self.clip = clip
    self.description = description
  }

  /// What a network reads.
  public enum Reads: String, Sendable, CaseIterable {
    case dense
    case oneHot = "one-hot"
    case embedding, tied
  }

  /// What it is measured by.
  public enum Measure: String, Sendable, CaseIterable {
    case crossEntropy = "cross-entropy"
    case meanSquare = "mean-square"
    case upstream
  }

  /// The shape of a case; all else is drawn.
  public struct Form: Sendable {
    public var cell: NaiveNetwork.Cell
    public var layers = 1
    public var directions = 1
    public var reads = Reads.dense
    public var measure = Measure.crossEntropy
    public var reading = OracleLoss.Reading.finalStates
    /// Of the sequences, longest first.
    public var lengths = [5, 5, 5]
    /// Of what an encoder reads; nil: no encoder.
    public var sources: [Int]?
    public var hiddenSize = 3
    public var hasInitialState = false
    /// Whether classes are missing at some steps.
    public var ignoresSome = false
    /// Whether layers are joined by dropout of rate 1/4.
    public var drops = false
    public var clip = StepClip.none
    /// W_hh ~ N(0, scale²/H).
    public var scale = 0.9

    public init(_ cell: NaiveNetwork.Cell) { self.cell = cell }

    /// Which rows of a batch of several lengths are there.
    var description: String {
      var words = [
        "\(cell.rawValue) \(layers)×\(directions)", reads.rawValue, measure.rawValue, reading.rawValue,
      ]
      words.append("T=\(lengths)")
      if let sources { words.append("after \(sources)") }
      if hasInitialState { words.append("from a state") }
      if ignoresSome { words.append("ignoring") }
      if drops { words.append("dropping") }
      switch clip {
      case .none: break
      case .batch: words.append("clipped")
      case .example: words.append("clipped one by one")
      }
      return words.joined(separator: " ")
    }
  }

  /// Masks of dropout as the library draws them: those of layer l from part l of the update's stream, of an
  /// encoder's from part L + l, a number 0 where its uniform one is below the rate.
  public func dropping(_ draw: DropoutDraw) -> OracleCase {
    var copy = self
    let layers = network.layerCount
    func masks(_ lengths: [Int], first: Int) -> [[[[Double]]]] {
      let packing = OraclePacking(lengths: lengths)
      var found = lengths.map { Array(repeating: Array(repeating: [Double](), count: $0), count: layers - 1) }
      for l in 0..<layers - 1 {
        var stream = RandomStream(
          rootSeed: draw.rootSeed, trialSeed: draw.seed,
          purpose: .dropout(iteration: UInt32(draw.iteration)), part: UInt64(first + l))
        for (b, t) in packing.rows {
          found[b][l][t] = (0..<network.hiddenSize * network.directionCount).map { _ in
            stream.uniform() < draw.rate ? 0 : 1 / (1 - draw.rate)
          }
        }
      }
      return found
    }
    for (b, own) in masks(batch.map(\.count), first: 0).enumerated() { copy.batch[b].masks = own }
    if network.encoder != nil {
      let sources = masks(batch.compactMap { $0.source?.count }, first: layers)
      for (b, own) in sources.enumerated() { copy.batch[b].sourceMasks = own }
    }
    return copy
  }

  /// A case of a form, every number of which is drawn from the seed.
  public init(_ form: Form, seed: UInt64) {
    var draw = SeededGenerator(seed: seed &* 7_919)
    var stream = RandomStream(rootSeed: seed, trialSeed: 4, purpose: .other(16))
    let (H, D) = (form.hiddenSize, form.directions)
    let V = 4
    func matrix(_ m: Int, _ n: Int, _ scale: Double) -> [[Double]] {
      (0..<m).map { _ in stream.normals(n, standardDeviation: scale) }
    }
    /// Numbers that a first layer reads; a tied embedding has the width of what the last layer gives.
    let width = form.reads == .oneHot ? V : form.reads == .tied ? D * H : 2
    func part(_ embeds: Bool) -> OracleNetwork.Part {
      OracleNetwork.Part(
        embedding: embeds ? matrix(V, width, 0.8) : nil,
        layers: (0..<form.layers).map { l in
          (0..<D).map { _ in
            let (rows, inputs) = (form.cell.gateCount * H, l == 0 ? width : D * H)
            return NaiveCell(
              form.cell, W_ih: matrix(rows, inputs, 0.9 / Double(inputs).squareRoot()),
              W_hh: matrix(rows, H, form.scale / Double(H).squareRoot()),
              b_ih: stream.normals(rows, standardDeviation: 0.3),
              b_hh: stream.normals(rows, standardDeviation: 0.3))
          }
        })
    }
    let embeds = form.reads == .embedding || form.reads == .tied
    let encoder = form.sources == nil ? nil : part(embeds)
    let body = part(embeds)
    let O = form.reads == .tied ? V : 3
    network = OracleNetwork(
      encoder: encoder, body: body, W_o: form.reads == .tied ? body.embedding! : matrix(O, D * H, 0.8),
      b_o: stream.normals(O, standardDeviation: 0.2), isTied: form.reads == .tied)

    func inputs(_ count: Int) -> OracleInputs {
      form.reads == .dense
        ? .dense(matrix(count, width, 1)) : .tokens((0..<count).map { _ in draw.number(0...V - 1) })
    }
    func states(_ scale: Double) -> [[[Double]]] {
      (0..<form.layers).map { _ in matrix(D, H, scale) }
    }
    func masks(_ count: Int) -> [[[Double]]] {
      guard form.drops else { return [] }
      return (0..<max(0, form.layers - 1)).map { _ in
        (0..<count).map { _ in (0..<D * H).map { _ in draw.chance(oneIn: 4) ? 0 : 4.0 / 3 } }
      }
    }
    batch = form.lengths.enumerated().map { b, length in
      var sequence = OracleSequence(
        inputs(length), source: form.sources.map { inputs($0[b]) },
        h_0: form.hasInitialState ? states(0.8) : nil,
        c_0: form.hasInitialState && form.cell == .lstm ? states(0.8) : nil)
      sequence.masks = masks(length)
      if let sources = form.sources { sequence.sourceMasks = masks(sources[b]) }
      return sequence
    }

    func target() -> OracleLoss.Target {
      switch form.measure {
      case .crossEntropy: return .class(draw.number(0...O - 1))
      case .meanSquare: return .values(stream.normals(O))
      case .upstream: return .gradient(stream.normals(D * H), power: 0)
      }
    }
    loss = OracleLoss(
      form.reading,
      form.lengths.enumerated().map { b, length in
        (0..<(form.reading == .everyStep ? length : 1)).map { t in
          // One of the first sequence stays.
          form.ignoresSome && form.measure == .crossEntropy && (b > 0 || t > 0) && draw.chance(oneIn: 3)
            ? nil : target()
        }
      })
    clip = form.clip
    description = "\(form.description) seed=\(seed)"
  }

  public var gradients: OracleGradients { network.gradients(batch, loss, clip: clip) }
}

extension OracleCase.Form {
  /// The shape of a case that is drawn itself.
  ///
  /// - Parameter cell: of the case; drawn where it is nil.
  public static func drawn(seed: UInt64, cell: NaiveNetwork.Cell? = nil) -> Self {
    var draw = SeededGenerator(seed: seed)
    var form = Self(cell ?? draw.one(of: NaiveNetwork.Cell.allCases))
    form.layers = draw.number(1...3)
    form.reads = draw.one(of: OracleCase.Reads.allCases)
    form.measure = draw.one(of: OracleCase.Measure.allCases)
    form.reading = draw.one(of: OracleLoss.Reading.allCases)
    form.hiddenSize = draw.number(1...5)
    let batch = draw.number(1...4)
    func lengths(_ top: Int) -> [Int] {
      draw.chance(oneIn: 3)
        ? Array(repeating: top, count: batch)
        : (0..<batch).map { _ in draw.number(1...top) }.sorted(by: >)
    }
    form.lengths = lengths(draw.number(1...6))
    // What generates does not look ahead, nor does what is generated start anywhere else than its encoder
    // ended.
    if draw.chance(oneIn: 4) {
      form.sources = lengths(draw.number(1...6))
    } else {
      form.directions = draw.number(1...2)
      form.hasInitialState = draw.chance(oneIn: 2)
    }
    form.ignoresSome = draw.chance(oneIn: 2)
    switch draw.number(1...4) {
    case 1: form.clip = .batch(threshold: 0.05)
    case 2: form.clip = .example(threshold: 0.03)
    default: break
    }
    return form
  }
}
