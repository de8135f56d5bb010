import Foundation

/// The Kneser–Ney models of growing context length k = 0, 1, …: p and q of the scored positions, all in the
/// order of contexts.
struct NGramRecursion: ~Copyable {
  private let order: ContextOrder
  /// The places of scored positions in the order of contexts.
  private let scoredPlaces: [Int32]
  /// q(w | h') of each, with contexts of k − 1 tokens.
  private var lower: [Double]
  private var counts: ContextCounts
  /// k of the next step.
  private var length = 0

  /// The scored positions, in the order of contexts.
  let scoredPositions: [Int32]

  init(tokens: [Int32], vocabulary: Int, training: Range<Int>, scored: [Range<Int>], depth: Int) {
    var isScored = [Bool](repeating: false, count: tokens.count)
    for range in scored { for i in range { isScored[i] = true } }
    var selected = isScored
    for i in training { selected[i] = true }
    let order = ContextOrder(
      tokens: tokens, vocabulary: vocabulary, selected: selected, training: training, depth: depth)
    scoredPlaces = order.positions.indices.compactMap { isScored[Int(order.positions[$0])] ? Int32($0) : nil }
    scoredPositions = scoredPlaces.map { order.positions[Int($0)] }
    lower = Array(repeating: 1 / Double(vocabulary), count: scoredPlaces.count)
    counts = ContextCounts(vocabulary: vocabulary)
    self.order = order
  }

  /// p(w | h) of every scored position by the model of order k + 1; then k is one more.
  ///
  /// - Complexity: O(n).
  mutating func next() -> [Double] {
    let discounts = discounts()
    // As they are after contexts that were never counted.
    var probabilities = lower
    order.withBuffers { order in
      var n = 0
      order.forEachContext(length: length) { run in
        let first = n
        while n < scoredPlaces.count, Int(scoredPlaces[n]) < run.upperBound { n &+= 1 }
        if n == first { return }
        counts.count(run, length: length, in: order)
        var (top, continued) = (ContextMass(), ContextMass())
        counts.forEach {
          top.add($0.occurrences, discounts.top)
          continued.add($0.continuations, discounts.continued)
        }
        if top.total == 0 { return }
        for n in first..<n {
          let entry = counts[order.following[Int(scoredPlaces[n])]]
          probabilities[n] = top.probability(entry.occurrences, discounts.top, lower: lower[n])
          lower[n] = continued.probability(entry.continuations, discounts.continued, lower: lower[n])
        }
      }
    }
    length += 1
    return probabilities
  }

  /// The discounts of n-grams of k + 1 tokens: of their counts, and of their continuation counts.
  private mutating func discounts() -> (top: KneserNeyDiscounts, continued: KneserNeyDiscounts) {
    var (top, continued) = (CountTally(), CountTally())
    order.withBuffers { order in
      order.forEachContext(length: length) { run in
        if run.count == 1 {
          if Int(order.reach[run.lowerBound]) > length {
            top.add(1)
            continued.add(1)
          }
          return
        }
        counts.count(run, length: length, in: order)
        counts.forEach {
          top.add($0.occurrences)
          continued.add($0.continuations)
        }
      }
    }
    return (KneserNeyDiscounts(top), KneserNeyDiscounts(continued))
  }
}

/// Sums over the tokens after one context.
private struct ContextMass {
  /// Σ_v c(hv).
  private(set) var total = 0.0
  /// Σ_v D(c(hv)) = D₁ N₁(h•) + D₂ N₂(h•) + D₃₊ N₃₊(h•).
  private var discounted = 0.0

  @inline(__always)
  mutating func add(_ count: Int32, _ discounts: KneserNeyDiscounts) {
    total += Double(count)
    discounted += discounts[count]
  }

  /// (c − D(c)) / Σ c + γ q. No D(c) is above c.
  @inline(__always)
  func probability(_ count: Int32, _ discounts: KneserNeyDiscounts, lower: Double) -> Double {
    (Double(count) - discounts[count] + discounted * lower) / total
  }
}
