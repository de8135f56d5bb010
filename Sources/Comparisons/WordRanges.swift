/// Where along an axis the same words hold, as a sentence: `vanishes up to ρ = 1.75, is not distinguishable from constant
/// at 2, explodes from 2.25`.
package struct WordRanges: Sendable {
  /// Words, and where they hold.
  let phrases: [(words: String, place: String)]

  /// - Parameters:
  ///   - values: in the order of the axis; nil: nothing is to be said.
  ///   - axis: what the first value follows.
  ///   - isOrdered: whether one can say "up to" of the values.
  package init(_ values: [(label: String, words: String?)], axis: String, isOrdered: Bool = true) {
    var runs: [(words: String, places: [ClosedRange<Int>])] = []
    for (k, value) in values.enumerated() {
      guard let words = value.words else { continue }
      guard let run = runs.firstIndex(where: { $0.words == words }), let last = runs[run].places.last else {
        runs.append((words, [k...k]))
        continue
      }
      if last.upperBound == k - 1, isOrdered {
        runs[run].places[runs[run].places.count - 1] = last.lowerBound...k
      } else {
        runs[run].places.append(k...k)
      }
    }
    // Only the first value that a reader meets says of what it is one.
    var lead = axis
    func named(_ k: Int) -> String {
      defer { lead = "" }
      return lead + values[k].label
    }
    func place(_ range: ClosedRange<Int>) -> String {
      let (first, last) = (range.lowerBound, range.upperBound)
      switch range.count {
      case 1: return "at \(named(first))"
      case 2 where values.count == 2: return "at \(named(first)) and \(values[last].label)"
      case _ where first == 0: return "up to \(named(last))"
      case _ where last == values.count - 1: return "from \(named(first))"
      case 2: return "at \(named(first)) and \(values[last].label)"
      default: return "from \(named(first)) to \(values[last].label)"
      }
    }
    phrases = runs.map { words, places in
      let count = places.map(\.count).reduce(0, +)
      if count == values.count, count > 2 { return (words, "at every \(Self.symbol(axis))") }
      if places.count > 3 { return (words, "at \(count) of \(values.count) values of \(Self.symbol(axis))") }
      if !isOrdered { return (words, "at \(places.map { named($0.lowerBound) }.listed)") }
      return (words, places.map(place).listed)
    }
  }

  /// All of them.
  package var words: String { phrases.map { "\($0.words) \($0.place)" }.joined(separator: ", ") }

  /// `ρ` of `ρ = `.
  static func symbol(_ axis: String) -> String {
    let words = axis.split(separator: " ").filter { $0 != "=" }
    return words.isEmpty ? "value" : words.joined(separator: " ")
  }
}

extension [String] {
  /// `a`, `a and b`, `a, b and c`.
  var listed: String {
    guard count > 1, let last else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " and " + last
  }
}
