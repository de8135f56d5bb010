import Experiments
import Foundation
import TextFiles

extension Dimension {
  /// The first of some axes, then of all others, along which trials have several values that are all numbers.
  static func numbers(_ first: [Axis], in trials: [TrialParameters], except taken: [Axis?] = []) -> Dimension?
  {
    Axis.all(first: first).lazy.filter { $0 != .seed && !taken.contains($0) }.map { Dimension($0) }
      .first { $0.places(in: trials).count > 1 && $0.isNumeric(trials) }
  }

  /// Whether all values that trials have are numbers.
  func isNumeric(_ trials: [TrialParameters]) -> Bool {
    trials.allSatisfy { applies($0) == (number($0) != nil) } && trials.contains(where: applies)
  }

  /// Whether a trial has a value.
  func applies(_ trial: TrialParameters) -> Bool { axes.contains { $0.text(trial) != nil } }

  /// A trial of each value that trials have, in the order of the numbers or of the grid.
  func places(in trials: [TrialParameters]) -> [TrialParameters] {
    let first = Dictionary(grouping: trials.filter(applies), by: key).compactMapValues(\.first)
    let found = trials.lazy.map(key).distinct.compactMap { first[$0] }
    return isNumeric(found) ? found.sorted { (number($0) ?? 0) < (number($1) ?? 0) } : found
  }

  /// Its value, without a name, in markup.
  func value(_ trial: TrialParameters, among trials: [TrialParameters]) -> String {
    guard let number = number(trial) else { return label(trial, among: trials) }
    if number == number.rounded(), number.magnitude < 1e9 { return Brief.grouped(Int(number)) }
    return CSVField.number(number).replacing("-", with: "−")
  }

  /// Several values: `ρ = 0.5, 1`.
  func list(_ trials: [TrialParameters], among all: [TrialParameters]) -> String {
    (isNumeric(trials) ? symbol : "") + trials.map { value($0, among: all) }.joined(separator: ", ")
  }

  /// What stands before a value in a sentence: `ρ = `, `T = `, `input scale `.
  var symbol: String {
    switch axes.first {
    case .spectralRadius: "ρ = "
    case .sequenceLength: "T = "
    default: title + " "
    }
  }
}
