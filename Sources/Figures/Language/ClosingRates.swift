import Experiments
import GradientFlow
import TextFiles

/// How often the closing marks of one kind are missed, by distance and model.
struct ClosingRates: Sendable {
  /// At some distances.
  struct Point: Sendable {
    let distances: ClosedRange<Int>
    let count: Int
    /// By model; what is counted are errors.
    let rates: [SuccessRate]

    init(_ found: ClosingErrors.Class) {
      (distances, count) = (found.distances, found.count)
      rates = found.errors.map { share in
        SuccessRate(successes: Int((share * Double(found.count)).rounded()), count: found.count)
      }
    }

    /// Whether it has no bound but that of all pairs.
    var isOpen: Bool { distances.upperBound == ClosingMark.longest }
    /// Where it is drawn: the geometric middle; one without a bound is taken for as wide as the others.
    var place: Double {
      let low = distances.lowerBound
      return (Double(low) * Double(isOpen ? 2 * low - 1 : distances.upperBound)).squareRoot()
    }
    /// The place among all classes.
    var order: Int { ClosingErrors.bounds.firstIndex(of: distances.upperBound) ?? 0 }

    /// The model whose interval is below those of all others; nil for none, and where there is one model.
    var best: Int? {
      guard rates.count > 1 else { return nil }
      return rates.indices.first { m in
        rates.indices.allSatisfy { $0 == m || rates[m].high < rates[$0].low }
      }
    }
  }

  let kind: ClosingMark.Kind
  /// With enough marks to be drawn, and with fewer; by distance.
  let points, others: [Point]

  /// Marks that a kind and a class have at least.
  static let least = (ofKind: 20, ofClass: 5)

  /// Of every kind that the text has.
  static func all(_ errors: ClosingErrors) -> [ClosingRates] {
    ClosingMark.Kind.allCases.compactMap { kind in
      let all = errors.classes.filter { $0.kind == kind }.map(Point.init)
      guard !all.isEmpty else { return nil }
      let isDrawn = all.reduce(0) { $0 + $1.count } >= least.ofKind
      return ClosingRates(
        kind: kind, points: all.filter { isDrawn && $0.count >= least.ofClass },
        others: all.filter { !isDrawn || $0.count < least.ofClass })
    }
  }

  var count: Int { (points + others).reduce(0) { $0 + $1.count } }

  /// The rows of points that are next to each other, which lines join.
  var runs: [Range<Int>] {
    var runs: [Range<Int>] = []
    for k in points.indices {
      if k > 0, points[k].order == points[k - 1].order + 1 {
        runs[runs.count - 1] = runs[runs.count - 1].lowerBound..<k + 1
      } else {
        runs.append(k..<k + 1)
      }
    }
    return runs
  }

  // MARK: - Words

  var name: String {
    switch kind {
    case .round: "round brackets"
    case .square: "square brackets"
    case .curly: "curly brackets"
    case .quote: "quotes"
    }
  }

  /// In plain text.
  var signs: String {
    switch kind {
    case .round: "()"
    case .square: "[]"
    case .curly: "{}"
    case .quote: "“”"
    }
  }

  /// Of a model, at all distances.
  func total(_ model: Int) -> SuccessRate {
    SuccessRate(
      successes: (points + others).reduce(0) { $0 + $1.rates[model].successes }, count: count)
  }

  /// Where a model is better than all others: `5 to 79`; nil for nowhere.
  func better(_ model: Int) -> String? {
    var runs: [(first: Point, last: Point)] = []
    for point in points where point.best == model {
      if let last = runs.last?.last, point.order == last.order + 1 {
        runs[runs.count - 1].last = point
      } else {
        runs.append((point, point))
      }
    }
    guard !runs.isEmpty else { return nil }
    return runs.map { Self.distances($0.first.distances.lowerBound...$0.last.distances.upperBound) }
      .joined(separator: ", ")
  }

  /// `5 to 79`, `from 1,280`.
  static func distances(_ range: ClosedRange<Int>) -> String {
    let (first, last) = (Brief.grouped(range.lowerBound), Brief.grouped(range.upperBound))
    return range.upperBound == ClosingMark.longest
      ? "from \(first)" : range.count == 1 ? first : "\(first) to \(last)"
  }
}
