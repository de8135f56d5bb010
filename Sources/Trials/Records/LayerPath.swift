import GradientFlow
import Specification

/// The way that a gradient takes through a layer in one direction: its steps t = 0…T. Of an encoder and a decoder both,
/// t = 0…T_e those of the encoder and t = T_e…T_e + T_d those of the decoder: the state after the encoder's last step is the
/// decoder's first.
public struct LayerPath: Sendable {
  /// Layer of the network, from 0, and its direction.
  public let layer: Int
  public let direction: Direction
  /// t = 0…T, or the steps that were kept; empty where a trial has no gradients.
  public let table: StepTable
  /// T_e: the last step of the encoder; nil where there is none.
  public let seam: Int?
  fileprivate let lengths: (encoder: SequenceLengths?, own: SequenceLengths?)
  fileprivate let batch: Int

  /// How many sequences have a state after step t: those whose lag it is.
  public func sequences(at t: Int) -> Int {
    let isEncoder = seam.map { t <= $0 } ?? false
    guard let lengths = isEncoder ? lengths.encoder : lengths.own else { return batch }
    let own = isEncoder ? t : t - (seam ?? 0)
    return BatchShape(steps: lengths.steps, batch: batch, lengths: lengths)
      .with(inputSize: 1, hiddenSize: 1).states(at: own)
  }

  /// Which part makes step t.
  public func part(at t: Int) -> NetworkPart? { seam.map { t <= $0 ? .encoder : .decoder } }
}

extension TrialRecord {
  /// The paths through the layers of a trial's network, lower layers first, forward before reverse. Without gradients they
  /// have rows and no columns; a failed trial has none.
  public func paths(of p: TrialParameters) -> [LayerPath] {
    guard status != .failed else { return [] }
    let read = p.lengths
    let steps = read?.steps ?? p.sequenceLength
    let hasEncoder = p.task.topology == .encoderDecoder
    let said = p.task.outputLengths(read, steps: steps, batch: p.batchSize)
    let directions = Direction.allCases.prefix(p.directions)
    return (0..<p.layers).flatMap { layer in
      directions.map { direction in
        func table(_ part: NetworkPart?, _ steps: Int) -> StepTable {
          let place = LayerPlace(part: part, layer: layer, direction: direction)
          let found = layers.isEmpty ? self.steps : layers.first { $0.place == place }?.steps
          let after = part == .encoder ? said.steps : 0
          return found ?? StepTable(steps: steps, keeping: p.recording.times(steps: steps, after: after))
        }
        guard hasEncoder else {
          return LayerPath(
            layer: layer, direction: direction, table: table(nil, steps), seam: nil, lengths: (nil, read),
            batch: p.batchSize)
        }
        let encoder = table(.encoder, steps)
        return LayerPath(
          layer: layer, direction: direction,
          table: encoder.followed(by: table(.decoder, said.steps), isLast: layer == p.layers - 1),
          seam: encoder.steps, lengths: (read, said.lengths), batch: p.batchSize)
      }
    }
  }
}

extension TaskIdentity {
  /// T and lengths of what is said, where so much is read.
  fileprivate func outputLengths(
    _ read: SequenceLengths?, steps: Int, batch: Int
  ) -> BatchShape {
    func said(_ steps: Int) -> Int { drawn?.outputSteps(steps: steps) ?? steps }
    return BatchShape(
      steps: said(steps), batch: batch, lengths: read.map { SequenceLengths($0.values.map(said)) })
  }
}

extension StepTable {
  /// The steps of an encoder and of the decoder that begins in its last state. The encoder's own walk takes all that comes
  /// back from the decoder for immediate there. Of the last layer, what is immediate is the decoder's, which has no loss
  /// before its first step; of those below it is not known apart from what comes from the layer above.
  fileprivate func followed(by decoder: StepTable, isLast: Bool) -> StepTable {
    var joined: [StepColumn: [Double]] = [:]
    if isThinned || decoder.isThinned {
      joined[.time] =
        (0..<rows).map { Double(time(ofRow: $0)) }
        + (1..<decoder.rows).map { Double(steps + decoder.time(ofRow: $0)) }
    }
    for column in StepDiagnosis.measured {
      let (first, second) = (columns[column], decoder.columns[column])
      guard first != nil || second != nil else { continue }
      var values = first ?? Array(repeating: .nan, count: rows)
      if column == .immediate, let seam = second?.first { values[rows - 1] = isLast ? seam : .nan }
      values += second?.dropFirst() ?? Array(repeating: Double.nan, count: decoder.rows - 1)[...]
      joined[column] = values
    }
    return StepTable(rows: rows + decoder.rows - 1, columns: joined)
  }
}
