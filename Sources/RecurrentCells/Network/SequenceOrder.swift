import LinearAlgebra

/// The order in which the sequences of a batch are packed, longest first, and the way back to a caller's order.
///
/// Sequences of one length stay in their order, as of PyTorch's `pack_padded_sequence(enforce_sorted=False)`.
public struct SequenceOrder: Sendable, Hashable {
  /// Of the packed sequences.
  public let lengths: SequenceLengths
  /// By place in the pack: the caller's sequence [B].
  public let sequences: [Int]
  /// By the caller's sequence: its place in the pack [B].
  public let places: [Int]

  /// - Parameter lengths: of the caller's sequences, in any order.
  /// - Precondition: there is one at least, and none is below 1.
  /// - Complexity: O(T + B log B).
  public init(_ lengths: [Int]) {
    sequences = lengths.indices.sorted {
      (lengths[$1], $0) < (lengths[$0], $1)
    }
    self.lengths = SequenceLengths(sequences.map { lengths[$0] })
    var places = lengths
    for (place, sequence) in sequences.enumerated() { places[sequence] = place }
    self.places = places
  }

  /// T and B.
  public var shape: BatchShape { BatchShape(lengths) }

  /// Packs rows of a padded array [T, B, width] in the caller's order, where sequence b has its steps 1…T_b.
  ///
  /// - Precondition: T is that of the longest sequence.
  public func pack<Number>(_ padded: [Number], width: Int) -> [Number] {
    let (steps, batch) = (lengths.steps, lengths.batch)
    precondition(
      padded.count == steps * batch * width, "\(padded.count) numbers for [\(steps), \(batch), \(width)]")
    var packed: [Number] = []
    packed.reserveCapacity(lengths.rowCount * width)
    forEachRow { _, step, sequence in
      let first = ((step - 1) * batch + sequence) * width
      packed += padded[first..<first + width]
    }
    return packed
  }

  /// Packed rows [rows, width] as PyTorch's `pad_packed_sequence` gives them: [T, B, width] in the caller's order, with
  /// `padding` beyond the end of a sequence.
  public func unpack<Number>(_ packed: [Number], width: Int, padding: Number) -> [Number] {
    precondition(
      packed.count == lengths.rowCount * width,
      "\(packed.count) numbers for \(lengths.rowCount) rows of \(width)")
    let batch = lengths.batch
    var padded = [Number](repeating: padding, count: lengths.steps * batch * width)
    forEachRow { row, step, sequence in
      let first = ((step - 1) * batch + sequence) * width
      padded.replaceSubrange(first..<first + width, with: packed[row * width..<(row + 1) * width])
    }
    return padded
  }

  /// Zeros beyond the end of a sequence.
  public func unpack<Number: Numeric>(_ packed: [Number], width: Int) -> [Number] {
    unpack(packed, width: width, padding: 0)
  }

  /// One row of each sequence [B, width] in the order of the pack, as of final states, in the caller's order.
  public func restored<Number>(_ rows: [Number], width: Int) -> [Number] {
    places.flatMap { rows[$0 * width..<($0 + 1) * width] }
  }

  /// One row of each sequence [B, width] in the caller's order, as of initial states, in the order of the pack.
  public func packed<Number>(_ rows: [Number], width: Int) -> [Number] {
    sequences.flatMap { rows[$0 * width..<($0 + 1) * width] }
  }

  /// Packed rows, with the own step of their sequence from 1 and the caller's number of it.
  private func forEachRow(_ body: (_ row: Int, _ step: Int, _ sequence: Int) -> Void) {
    let shape = shape
    var row = 0
    for t in 1...shape.steps {
      for b in 0..<shape.count(at: t) {
        body(row, t - (shape.steps - shape.length(of: b)), sequences[b])
        row += 1
      }
    }
  }
}
