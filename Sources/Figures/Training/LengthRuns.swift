import Experiments
import Foundation

/// The axis of sequence lengths, logarithmic where they span more than a decade, and which of them lines may join.
struct LengthRuns {
  let axis: PanelAxis
  private let lengths: [Int]
  private let offset: Double

  /// Lengths whose ratio is less are near enough for a line between them.
  private static let nearness = 3.0

  /// - Parameter lengths: ascending, at least two.
  init(_ lengths: [Int]) {
    self.lengths = lengths
    let (first, last) = (Double(lengths[0]), Double(lengths[lengths.count - 1]))
    let isLogarithmic = last > 10 * first
    let (low, high) = isLogarithmic ? (log10(first), log10(last)) : (first, last)
    let side = 0.1 * (high - low)
    axis = PanelAxis(
      label: "sequence length T (steps)", scale: isLogarithmic ? .logarithmic : .linear, low: low - side,
      high: high + side,
      tics: lengths.spread(9).map {
        PanelAxis.Tic(place: isLogarithmic ? log10(Double($0)) : Double($0), name: Brief.grouped($0))
      })
    offset = 0.016 * (high - low)
  }

  /// The place of the points of curve k.
  ///
  /// - Parameter column: of the lengths.
  func place(_ k: Int, of curves: Int, _ column: String = "sequence_length") -> Coordinate {
    let shift = offset * (Double(k) - Double(curves - 1) / 2)
    return axis.scale == .logarithmic
      ? Coordinate(column, times: pow(10, shift)) : Coordinate(column, plus: shift)
  }

  /// The places, in some of the lengths, of three or more that are next to each other and near.
  func joined(_ own: [Int]) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    var start = 0
    for k in own.indices {
      let isLast = k + 1 == own.count
      let goesOn = !isLast && areNear(own[k], own[k + 1])
      if goesOn { continue }
      if k + 1 - start > 2 { runs.append(start..<k + 1) }
      start = k + 1
    }
    return runs
  }

  var areJoined: Bool { !joined(lengths).isEmpty }

  private func areNear(_ a: Int, _ b: Int) -> Bool {
    Double(b) <= Self.nearness * Double(a) && !lengths.contains { $0 > a && $0 < b }
  }
}
