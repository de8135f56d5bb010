import Experiments
import Foundation
import GradientFlow

/// What is reported about training runs in progress.
enum TrainingReport {
  /// A finished training run: its outcome, its number of updates, and the role of clipping.
  static func line(_ p: TrialParameters, _ record: TrialRecord, _ labels: TrainingLabels) -> String {
    let verdict = TrainingVerdict(p, record)
    var parts = [
      "\(CellVariant(p).label), \(p.rule.label), \(labels.label(of: p)), seed \(p.seed)",
      ending(record, verdict),
    ]
    // The last test of a diverged training run came before it diverged.
    let tested = record.status == .diverged ? nil : record.testLoss
    if let loss = tested { parts.append(String(format: "test loss %.4g", loss)) }
    if tested != nil, let error = record.testError {
      parts.append(String(format: "%.2f %% wrong", 100 * error))
    }
    if let clip = verdict.clip, let engaged = verdict.engaged {
      parts.append(String(format: "clip engaged in %.0f %% of updates: %@", 100 * engaged, clip.words))
    }
    return parts.joined(separator: "; ")
  }

  private static func ending(_ record: TrialRecord, _ verdict: TrainingVerdict) -> String {
    if record.status == .diverged, let iteration = record.divergedIteration, let step = record.divergedAt {
      let what = record.divergedKind.map { "its \($0.rawValue)" } ?? "a number"
      return "diverged at update \(Int(iteration)), timestep \(step): \(what) left the range"
    }
    if let solved = record.solvedAt { return "solved after \(Int(solved)) updates" }
    return "\(verdict.outcome.words)\(verdict.remark ?? "") after \(Int(record.updates ?? 0)) updates"
  }

  /// What the lines of watched training runs say.
  static let watchedHead =
    "Each profile as it comes: loss and ‖g‖, the norm of the whole gradient before clipping, as in training.csv (means "
    + "of the updates since the row before); then ‖∂L/∂h_t‖ of that update from t = 1 to T, in the "
    + "last layer read forward"

  /// The gradients of an update by timestep, with the numbers of its row of `training.csv`; nil for a row without a
  /// profile.
  static func watched(_ row: TrainingMonitor.Row) -> String? {
    guard let hidden = row.hidden else { return nil }
    return "\(numbers(row))  ‖∂L/∂h_t‖ \(layer(row))t = 1 \(NormStrip(hidden).text()) T  \(name(row.trial))"
  }

  /// The same in lines of so many columns, without what ``watchedHead`` has said and without the name.
  static func watched(_ row: TrainingMonitor.Row, width: Int) -> String? {
    guard let hidden = row.hidden else { return nil }
    let numbers = "\(numbers(row))  \(layer(row))"
    return "\(numbers)\(NormStrip(hidden).text(width: width - numbers.count))"
  }

  /// `layer 2, `, `decoder, layer 0, `; nothing where there is one layer.
  private static func layer(_ row: TrainingMonitor.Row) -> String {
    guard let place = row.place else { return "" }
    return (place.part.map { "\($0.rawValue), " } ?? "") + "layer \(place.layer), "
  }

  static func name(_ p: TrialParameters) -> String {
    "\(CellVariant(p).label), \(p.rule.label), T = \(p.sequenceLength), seed \(p.seed)"
  }

  private static func numbers(_ row: TrainingMonitor.Row) -> String {
    func padded(_ text: String?) -> String { (text ?? "–").padding(toLength: 8, withPad: " ", startingAt: 0) }
    let loss = padded(row.loss.map { String(format: "%.4g", $0) })
    let norm = padded(row.gradBefore.map { NormStrip.power($0, digits: 2) })
    return "update \(String(format: "%7d", row.iteration))  loss \(loss)  ‖g‖ \(norm)"
  }

  /// The cost of recording gradients; nil if nothing was run or recorded.
  static func cost(_ sweep: Sweep) -> String? {
    let cost = sweep.monitor.observationCost
    guard let ratio = cost.ratio, let overhead = cost.overhead else { return nil }
    return String(
      format:
        "diagnostics %@: an update with a profile took %.2f times one without (%d of %d), training %.1f %% longer",
      sweep.run.specification.detail.rawValue, ratio, cost.observed.count,
      cost.observed.count + cost.plain.count, 100 * overhead)
  }
}
