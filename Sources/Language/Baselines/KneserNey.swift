import Foundation

/// Interpolated Kneser–Ney smoothing with modified discounts: n-gram models of every order at once.
///
/// The model of order n gives a token w after the n − 1 tokens h before it
///
///     p(w | h) = (c(hw) − D(c(hw))) / Σ_v c(hv) + γ(h) q(w | h')
///     γ(h) = (D₁ N₁(h•) + D₂ N₂(h•) + D₃₊ N₃₊(h•)) / Σ_v c(hv)
///
/// h' is h without its farthest token, N_j(h•) the number of tokens with count j after h. The lower model q
/// has the same form with continuation counts N₁₊(•hw) in place of c, and discounts of its own, down to q = 1
/// / V below the unigrams. After a context that the training range does not have, p is q(w | h').
///
/// Only the training range is counted: an n-gram lies in it as a whole, and its start is one token before its
/// first (``ContextCounts``). The context of a scored token is the text before it, wherever that is. Order 1
/// is the unigram model, order 2 the Markov chain.
///
/// - Note: Source: Kneser & Ney, ICASSP 1995, 181; Chen & Goodman, Computer Speech and Language 13 (1999)
///   359. All n-grams of a text from its sorted positions: Nagao & Mori, COLING 1994, 611.
public enum KneserNey {
  /// Losses of every order 1…N on ranges of a text.
  ///
  /// - Parameters:
  ///   - tokens: each in 0..<vocabulary.
  ///   - vocabulary: V, all tokens that there can be.
  ///   - training: what is counted.
  ///   - scored: ranges with a loss each; they may overlap each other and the training range.
  ///   - orders: N, from 1 to 255.
  ///   - order: one whose ln p is kept for each token.
  /// - Complexity: O(N (n + V)) time; about 20 bytes for each of the n tokens of all ranges and 32 for each
  ///   scored one, beside what is kept.
  public static func scores(
    tokens: [Int32], vocabulary: Int, training: Range<Int>, scored: [Range<Int>], orders: Int,
    keeping order: Int? = nil
  ) -> NGramScores {
    precondition((1...255).contains(orders), "orders are from 1 to 255")
    precondition(order.map { (1...orders).contains($0) } ?? true, "the order kept is one of 1…orders")
    checkText(tokens, vocabulary: vocabulary, ranges: [training] + scored)
    var recursion = NGramRecursion(
      tokens: tokens, vocabulary: vocabulary, training: training, scored: scored, depth: orders - 1)
    var losses = scored.map { _ in [Double]() }
    var kept: [[Double]]?
    for n in 1...orders {
      let logs = recursion.next().map { log($0) }
      // Added up in the order of the text, so that a loss does not depend on how many orders are asked for.
      let values = scored.map { byPosition(logs, at: recursion.scoredPositions, in: $0) }
      for r in scored.indices { losses[r].append(-values[r].reduce(0, +) / Double(scored[r].count)) }
      if n == order { kept = values }
    }
    return NGramScores(losses: losses, logProbabilities: kept)
  }

  /// ln p of the positions in a range, in their own order.
  private static func byPosition(_ logs: [Double], at positions: [Int32], in range: Range<Int>) -> [Double] {
    var values = [Double](repeating: 0, count: range.count)
    for n in logs.indices where range.contains(Int(positions[n])) {
      values[Int(positions[n]) - range.lowerBound] = logs[n]
    }
    return values
  }
}
