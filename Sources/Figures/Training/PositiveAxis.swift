import Experiments
import Foundation

/// An axis of positive numbers: linear, or logarithmic where they span more than two decades.
struct PositiveAxis: Sendable {
  let isLogarithmic: Bool
  let axis: DecadeAxis

  /// - Parameters:
  ///   - values: what is not finite is left out.
  ///   - ratio: of the largest to the smallest, from which on the axis is logarithmic.
  init(_ values: [Double], headroom: Double = 0, logarithmicFrom ratio: Double = 100) {
    let finite = values.filter(\.isFinite)
    let positive = finite.filter { $0 > 0 }
    let (least, greatest) = (positive.min() ?? 1, positive.max() ?? 1)
    isLogarithmic = greatest > ratio * least
    if isLogarithmic {
      let decades = log10(greatest) - log10(least)
      axis = DecadeAxis(
        positive.map { log10($0) }, tics: decades < 2 ? 4 : min(7, decades.rounded(.up)), headroom: headroom
      )
    } else {
      axis = DecadeAxis(finite + [0], kind: .numbers, span: 0.2 * max(greatest, 1e-300), headroom: headroom)
    }
  }

  /// Commands that set up the y axis.
  func commands(labelled: Bool) -> [String] {
    axis.fineCommands(labelled: labelled)
  }

  /// Where a number is on the axis.
  func place(_ value: Double) -> Double {
    min(axis.high, isLogarithmic ? (value > 0 ? log10(value) : axis.low) : value)
  }

  /// A gnuplot function that does the same with a column.
  var function: String {
    "level(c) = strcol(c) eq 'inf' ? \(fixed(axis.high)) : "
      + (isLogarithmic ? "column(c) > 0 ? log10(column(c)) : \(fixed(axis.low))" : "column(c)")
  }
}

extension DecadeAxis {
  /// Commands that set up the y axis, with tics at 1, 2 and 5 times the powers of ten, named by their numbers, where an
  /// axis of powers spans less than two decades.
  func fineCommands(labelled: Bool) -> [String] {
    let commands = commands(labelled: labelled)
    guard kind == .powers, zeroLevel == nil, overflowLevel == nil, high - low < 2.3, low > -9, high < 9 else {
      return commands
    }
    let tics = (Int(low.rounded(.down))...Int(high.rounded(.up))).flatMap { decade in
      [1.0, 2, 5].map { $0 * pow(10, Double(decade)) }
    }.filter { (low...high).contains(log10($0)) }
    guard tics.count > 1 else { return commands }
    return commands + [PlotAxis.y.tics(tics.map { (Brief.number($0), log10($0)) }, labelled: labelled)]
  }
}
