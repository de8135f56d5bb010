/// Positions of a text in the order of their reversed contexts.
///
/// The context of position i is t_{i−1}, t_{i−2}, …, nearest token first. In this order the positions after
/// one context of any length k are neighbours: a run in which each shares at least k tokens with the one
/// before it. No table of contexts is needed, and one order serves every length.
///
/// A context ends where the text does; at the training range's start it ends for all positions from there on.
/// For those behind the range nothing is lost: a longer context is longer than the range and never occurs in
/// it.
///
/// - Note: This is a suffix array of the reversed text, with its longest common prefixes, cut off at a depth.
///   Source: Manber & Myers, SIAM J. Comput. 22 (1993) 935.
struct ContextOrder {
  /// The positions, as sorted.
  let positions: [Int32]
  /// The tokens at them.
  let following: [Int32]
  /// Tokens that the contexts of ``positions`` j − 1 and j have in common, at most `depth`; 0 for the first.
  let common: [UInt8]
  /// Of how many context lengths 0, 1, … position j is counted: 0 outside the training range, otherwise 1 +
  /// the tokens between the range's start and it, at most 1 + `depth`.
  let reach: [UInt8]

  /// - Parameters:
  ///   - tokens: each in 0..<vocabulary, less than 2³¹ of them.
  ///   - selected: whether a position takes part, by position.
  ///   - training: the range whose positions are counted.
  ///   - depth: the longest context, in tokens; below 255.
  /// - Complexity: O(depth · (n + V)) time; 10 bytes a position, and 8 more while they are sorted.
  init(tokens: [Int32], vocabulary: Int, selected: [Bool], training: Range<Int>, depth: Int) {
    precondition(tokens.count <= Int(Int32.max) && (0..<255).contains(depth))
    let extent = ContextExtent(trainingStart: training.lowerBound, depth: depth)
    let (positions, common) =
      // Reading tokens by context is most of the time: the narrower they are, the more of them are in a
      // cache.
      switch vocabulary {
      case ...0x100: sorted(tokens.map { UInt8($0) }, vocabulary: vocabulary, selected, extent)
      case ...0x10000: sorted(tokens.map { UInt16($0) }, vocabulary: vocabulary, selected, extent)
      default: sorted(tokens, vocabulary: vocabulary, selected, extent)
      }
    following = positions.map { tokens[Int($0)] }
    reach = positions.map { training.contains(Int($0)) ? UInt8(1 + extent.length(Int($0))) : 0 }
    (self.positions, self.common) = (positions, common)
  }

  /// The arrays of an order, without checks of bounds.
  struct Buffers {
    let following: UnsafeBufferPointer<Int32>
    let common: UnsafeBufferPointer<UInt8>
    let reach: UnsafeBufferPointer<UInt8>
  }

  @inline(__always)
  func withBuffers<Result>(_ body: (Buffers) -> Result) -> Result {
    following.withUnsafeBufferPointer { following in
      common.withUnsafeBufferPointer { common in
        reach.withUnsafeBufferPointer { body(Buffers(following: following, common: common, reach: $0)) }
      }
    }
  }
}

extension ContextOrder.Buffers {
  /// Calls a function with the places of each context of k tokens.
  @inline(__always)
  func forEachContext(length: Int, _ body: (Range<Int>) -> Void) {
    var start = 0
    while start < common.count {
      var end = start &+ 1
      while end < common.count, Int(common[end]) >= length { end &+= 1 }
      body(start..<end)
      start = end
    }
  }
}

/// How far the context of a position reaches.
private struct ContextExtent {
  /// Where the contexts of positions from here on end.
  let trainingStart: Int
  /// The longest context.
  let depth: Int

  /// Tokens of the context of position i.
  @inline(__always)
  func length(_ i: Int) -> Int {
    min(depth, i >= trainingStart ? i &- trainingStart : i)
  }

  /// The token at a distance before position i as a digit: 0 where the context has ended, otherwise token +
  /// 1.
  @inline(__always)
  func digit<Token: FixedWidthInteger>(
    _ tokens: UnsafeBufferPointer<Token>, _ i: Int, distance: Int
  ) -> Int {
    distance <= length(i) ? Int(truncatingIfNeeded: tokens[i &- distance]) &+ 1 : 0
  }
}

/// Positions in the order of their contexts, and what neighbours have in common.
private func sorted<Token: FixedWidthInteger>(
  _ tokens: [Token], vocabulary: Int, _ selected: [Bool], _ extent: ContextExtent
) -> (positions: [Int32], common: [UInt8]) {
  tokens.withUnsafeBufferPointer { tokens in
    let positions = sortedByContext(tokens, vocabulary: vocabulary, selected, extent)
    return (positions, commonLengths(tokens, positions, extent))
  }
}

/// Selected positions in the order of their contexts: stable counting sorts, from the farthest token to the
/// nearest.
private func sortedByContext<Token: FixedWidthInteger>(
  _ tokens: UnsafeBufferPointer<Token>, vocabulary: Int, _ selected: [Bool], _ extent: ContextExtent
) -> [Int32] {
  let unsorted = selected.indices.compactMap { selected[$0] ? Int32(truncatingIfNeeded: $0) : nil }
  var (positions, sorted) = (unsorted, unsorted)
  var places = [Int](repeating: 0, count: vocabulary + 1)
  for distance in stride(from: extent.depth, to: 0, by: -1) {
    for digit in places.indices { places[digit] = 0 }
    places.withUnsafeMutableBufferPointer { places in
      // Counted as the text goes, not as it is sorted: reading in order is faster.
      for i in unsorted { places[extent.digit(tokens, Int(i), distance: distance)] &+= 1 }
      var place = 0
      for digit in places.indices { (places[digit], place) = (place, place &+ places[digit]) }
      sorted.withUnsafeMutableBufferPointer { sorted in
        for i in positions {
          let digit = extent.digit(tokens, Int(i), distance: distance)
          sorted[places[digit]] = i
          places[digit] &+= 1
        }
      }
    }
    swap(&positions, &sorted)
  }
  return positions
}

/// How many tokens the contexts of neighbours have in common.
private func commonLengths<Token: FixedWidthInteger>(
  _ tokens: UnsafeBufferPointer<Token>, _ positions: [Int32], _ extent: ContextExtent
) -> [UInt8] {
  [UInt8](unsafeUninitializedCapacity: positions.count) { common, filled in
    var (before, beforeLength) = (0, 0)
    for (j, position) in positions.enumerated() {
      let i = Int(position)
      let length = extent.length(i)
      let limit = min(length, beforeLength)
      var shared = 0
      while shared < limit, tokens[i &- 1 &- shared] == tokens[before &- 1 &- shared] { shared &+= 1 }
      common[j] = UInt8(truncatingIfNeeded: shared)
      (before, beforeLength) = (i, length)
    }
    filled = positions.count
  }
}
