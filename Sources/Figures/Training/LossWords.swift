import Experiments
import Foundation
import GradientFlow

/// What the losses of trainings say: who learns, first.
struct LossWords {
  let groups: [TrainingSeeds]

  /// What models without a recurrent network make of the same text.
  private let baselines: [Baseline]

  /// - Parameter all: of which those of the longest sequences are spoken of.
  init(_ all: [TrainingSeeds], _ baselines: [Baseline] = []) {
    self.baselines = baselines
    let length = all.map(\.length).max()
    groups = all.filter { $0.length == length }
    place = all.contains { $0.length != length } ? length.map { "At T = \(Brief.grouped($0))" } : nil
  }

  /// Where several lengths are drawn, the one spoken of.
  private let place: String?

  var statement: String { [losses, errors].compactMap { $0 }.joined(separator: ". ") }

  /// Of tasks that read what was said: the shares of wrong outputs, said alone and after the right classes.
  private var errors: String? {
    let known = groups.compactMap { group -> (group: TrainingSeeds, own: Double, forced: Double)? in
      func wrong(_ accuracy: TrainingColumn) -> Double? {
        quantile(group.trainings.compactMap { $0.rows.values(accuracy).last.map { 1 - $0 } }, 0.5)
      }
      guard let own = wrong(.testOwnAccuracy), let forced = wrong(.testAccuracy) else { return nil }
      return (group, own, forced)
    }
    guard !known.isEmpty else { return nil }
    return "Wrong test outputs of own predictions / with teacher forcing: "
      + known.map(\.group).sentence { group in
        known.first { ($0.group.panel, $0.group.hue) == (group.panel, group.hue) }
          .map { "\(Brief.percent($0.own)) / \(Brief.percent($0.forced))" } ?? ""
      }
  }

  private var losses: String {
    let hasRule = groups.contains { $0.trainings.contains { $0.trial.task.hasSuccessRule } }
    guard groups.contains(where: { $0.solved > 0 }) else {
      let chances = groups.compactMap(\.chance).distinct
      let chance = chances.count == 1 ? "chance \(Brief.number(chances[0]))" : nil
      let nGram = baselines.first { $0.kind == .nGram }.map { "best n-gram \(Brief.number($0.testLoss))" }
      let words = [groups.contains { $0.trainings.count > 1 } ? "median over seeds" : nil, chance, nGram]
        .compactMap { $0 }
      let head =
        hasRule
        ? "\(place.map { "\($0), no" } ?? "No") seed solves the task; test loss"
        : place.map { "\($0), test loss" } ?? "Test loss"
      return head + (words.isEmpty ? "" : " (\(words.joined(separator: ", ")))") + ": "
        + groups.sorted { Self.least($0) < Self.least($1) }.sentence(Self.loss)
    }
    let isMedian = groups.contains { $0.solved > 1 }
    return "\(place.map { "\($0), solved by" } ?? "Solved by")\(isMedian ? " (median updates)" : ""): "
      + groups.bestFirst.sentence(Self.success)
  }

  private static func success(_ seeds: TrainingSeeds) -> String {
    let count = seeds.trainings.count
    let all = "of \(count) \(count == 1 ? "seed" : "seeds")"
    guard let updates = seeds.updatesToSuccess else { return "none \(all)" }
    return "\(seeds.solved) \(all) after \(Brief.grouped(Int(updates.rounded()))) updates"
  }

  /// The median of the last tests, those that diverged counted as infinite.
  private static func least(_ seeds: TrainingSeeds) -> Double {
    quantile(seeds.trainings.map(\.lastTest).filter { !$0.isNaN }, 0.5) ?? .infinity
  }

  private static func loss(_ seeds: TrainingSeeds) -> String {
    let loss = least(seeds)
    guard loss.isFinite else {
      return seeds.trainings.contains { $0.divergedAt != nil } ? "diverged" : "no test"
    }
    guard seeds.trainings[0].trial.task.isOfText,
      let training = quantile(seeds.trainings.compactMap { $0.rows.values(.loss).last }, 0.5)
    else { return Brief.number(loss) }
    let perplexity = loss < 14 ? Brief.number(exp(loss)) : Brief.power(loss / log(10))
    let since = quantile(seeds.trainings.compactMap(\.verdict.overfittingSince), 0.5)
    return
      "\(Brief.number(loss)) (perplexity \(perplexity), \(Brief.number(loss / log(2))) bits, training "
      + "\(Brief.number(training))"
      + (since.map { ", overfitting since update \(Brief.grouped(Int($0)))" } ?? "")
      + ")"
  }
}
