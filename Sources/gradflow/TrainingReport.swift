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

  /// The current gradients of a training run by timestep.
  static func watched(_ course: TrainingMonitor.Course, _ profile: TrainingMonitor.Profile) -> String {
    let p = course.trial
    let loss = course.loss.map { String(format: "loss %-8.4g", $0) } ?? "loss –       "
    return "update \(String(format: "%7d", profile.iteration))  \(loss)  ‖∂L/∂h_t‖ t = 1 "
      + "\(NormStrip(profile.hidden).text) T  \(CellVariant(p).label), \(p.rule.label), T = \(p.sequenceLength), seed \(p.seed)"
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
