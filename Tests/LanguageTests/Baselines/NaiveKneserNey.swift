import Foundation

/// Interpolated modified Kneser–Ney smoothing as it is defined, with dictionaries and by recursion.
struct NaiveKneserNey {
  /// Of the n-grams of one order.
  private struct Counts {
    /// By context, nearest token last: the count of each token after it.
    let after: [[Int32]: [Int32: Int]]
    /// 0, D₁, D₂ and D₃₊.
    let discounts: [Double]

    init(_ after: [[Int32]: [Int32: Int]]) {
      self.after = after
      discounts = NaiveKneserNey.discounts(after.values.flatMap(\.values))
    }
  }

  private let tokens: [Int32]
  private let vocabulary: Int
  private let training: Range<Int>
  private var raw = [Counts([:])]
  private var continued = [Counts([:])]

  init(tokens: [Int32], vocabulary: Int, training: Range<Int>, orders: Int) {
    (self.tokens, self.vocabulary, self.training) = (tokens, vocabulary, training)
    for n in 1...orders {
      var counts: [[Int32]: [Int32: Int]] = [:]
      var before: [[Int32]: Set<Int32>] = [:]
      for i in training where i - (n - 1) >= training.lowerBound {
        let first = i - (n - 1)
        counts[Array(tokens[first..<i]), default: [:]][tokens[i], default: 0] += 1
        before[Array(tokens[first...i]), default: []].insert(
          first > training.lowerBound ? tokens[first - 1] : -1)
      }
      var lower: [[Int32]: [Int32: Int]] = [:]
      for (gram, tokens) in before { lower[gram.dropLast(), default: [:]][gram.last!] = tokens.count }
      raw.append(Counts(counts))
      continued.append(Counts(lower))
    }
  }

  /// p of the token at a position, after all the text before it or, in the training range, what is of it.
  func probability(at position: Int, order: Int) -> Double {
    let start = training.contains(position) ? training.lowerBound : 0
    return probability(tokens[position], Array(tokens[start..<position]), order, raw[order])
  }

  private func probability(_ token: Int32, _ text: [Int32], _ order: Int, _ counts: Counts) -> Double {
    if order == 0 { return 1 / Double(vocabulary) }
    let lower = probability(token, text, order - 1, continued[order - 1])
    guard text.count >= order - 1, let after = counts.after[Array(text.suffix(order - 1))] else {
      return lower
    }
    func discount(_ count: Int) -> Double { counts.discounts[min(count, 3)] }
    let total = Double(after.values.reduce(0, +))
    let count = after[token] ?? 0
    let gamma = after.values.reduce(0) { $0 + discount($1) } / total
    return max(Double(count) - discount(count), 0) / total + gamma * lower
  }

  private static func discounts(_ counts: [Int]) -> [Double] {
    var n = [Double](repeating: 0, count: 5)
    for count in counts where count < 5 { n[count] += 1 }
    if n[1] == 0 || n[2] == 0 || n[3] == 0 { return [0, 0.5, 1, 1.5] }
    let y = n[1] / (n[1] + 2 * n[2])
    let amounts = [0, 1 - 2 * y * n[2] / n[1], 2 - 3 * y * n[3] / n[2], 3 - 4 * y * n[4] / n[3]]
    return amounts.dropFirst().allSatisfy { $0 > 0 } ? amounts : [0, 0.5, 1, 1.5]
  }
}
