import Foundation
import GradientFlow
import Specification
import TextFiles
import Trials

/// What a comparison of training runs found, in a few lines: who solved the task or learned, what clipping did,
/// and what failed and why.
public struct TrainingAnswer: Sendable, Equatable {
  /// None where no trial is finished.
  public let lines: [String]

  /// - Parameters:
  ///   - settings: all of the run, in grid order.
  ///   - language: of a run of language models what they reach, which is what is said of their losses.
  package init(_ settings: [TrainingSetting], _ language: LanguageComparison? = nil) {
    let writer = AnswerWriter(settings)
    guard !settings.isEmpty else {
      lines = []
      return
    }
    let said = language?.lines ?? []
    lines =
      said + (said.isEmpty ? [writer.successes] : []).compactMap { $0 }
      + [writer.clipping, writer.failures].compactMap { $0 }
  }
}

private struct AnswerWriter {
  private let settings: [TrainingSetting]
  private let variants: [CellVariant]
  private let rules: [GradientRule]
  private let hasSuccessRule: Bool
  /// What a line has room for.
  private static let limit = 4

  init(_ settings: [TrainingSetting]) {
    self.settings = settings
    let methods = settings.flatMap(\.methods)
    variants = methods.grouped { $0.method.variant }.map(\.key)
    rules = methods.grouped { $0.method.rule }.map(\.key)
    hasSuccessRule = methods.contains(where: \.hasSuccessRule)
  }

  /// `lstm`, where there are several forget biases `lstm (forget bias 1)`.
  private func cell(_ variant: CellVariant) -> String {
    variant.short(among: variants) == variant.label ? variant.name : variant.cell.rawValue
  }

  /// `rnn`, where several rules are compared `rnn with clip 1`.
  private func name(_ method: TrainingMethod) -> String {
    let cell = cell(method.variant)
    guard rules.count > 1 else { return cell }
    return cell + (method.rule.isNone ? " without clipping" : " with \(method.rule.words(among: rules))")
  }

  /// What a setting is called among the others: `T = 50`; empty where there is one, of which the table speaks.
  private func label(_ setting: TrainingSetting) -> String {
    func parts(_ setting: TrainingSetting) -> [String] { setting.label.components(separatedBy: ", ") }
    let common = settings.dropFirst().reduce(Set(settings.first.map(parts) ?? [])) {
      $0.intersection(parts($1))
    }
    return parts(setting).filter { !common.contains($0) }.joined(separator: ", ")
  }

  private func heading(_ setting: TrainingSetting) -> String {
    let label = label(setting)
    return label.isEmpty ? "" : label + ": "
  }

  private func place(_ setting: TrainingSetting) -> String {
    let label = label(setting)
    return label.isEmpty ? "" : " at " + label
  }

  /// Labels of settings: of many that have several values each, how many they are.
  private func listed(_ labels: [String]) -> String {
    guard labels.count > 1, labels.contains(where: { $0.contains(", ") }) else { return labels.listed }
    if labels.count == settings.count { return "all \(labels.count) settings" }
    return labels.count == 2
      ? labels.joined(separator: " and at ") : "\(labels.count) of \(settings.count) settings"
  }

  /// Clauses, as many as a line has room for.
  private func joined(_ clauses: [String]) -> String {
    let more = clauses.count - Self.limit
    let clauses = clauses.enumerated().map { k, text in k == 0 ? text : String(text.trimmingPrefix(" ")) }
    return (clauses.prefix(Self.limit) + (more > 0 ? ["\(more) more in the tables"] : [])).joined(
      separator: "; ") + "."
  }

  // MARK: - Who solved the task, or learned

  var successes: String? {
    let solved = hasSuccessRule ? solutions : nil
    let learned = settings.compactMap(learners)
    if let solved, learned.isEmpty { return solved }
    let better =
      learned.isEmpty ? "Nothing was better than chance." : "Better than chance" + joined(learned)
    return [solved, better].compactMap { $0 }.joined(separator: " ")
  }

  private var solutions: String {
    let results = settings.flatMap(\.methods)
    guard results.contains(where: { $0.solved > 0 }) else {
      return "No seed solved the task (\(counts(results)))."
    }
    // An interval is told of a share the first time.
    var told: Set<SuccessRate> = []
    func share(_ result: TrainingMethodResult, _ seeds: String = "") -> String {
      let rate = SuccessRate(successes: result.solved, count: result.seeds)
      let lead = told.isEmpty ? "95 % CI " : ""
      let isNew = told.insert(rate).inserted
      let range = "\(lead)\(percent(rate.low)) to \(percent(rate.high)) %"
      return "\(rate.successes) of \(rate.count)\(seeds)" + (isNew ? " (\(range))" : "")
    }
    let clauses = settings.map { setting -> String in
      let methods = setting.methods.sorted { $0.solved > $1.solved }
      let updates = methods.compactMap(\.updatesToSuccess)
      if methods.count > 1, methods.allSatisfy({ $0.solved == $0.seeds }), let first = methods.first,
        let least = updates.min(), let most = updates.max()
      {
        return "\(heading(setting))solved by all, in \(share(first, " seeds")) each, after "
          + (least == most ? whole(least) : "\(whole(least)) to \(whole(most))") + " updates (medians)"
      }
      let parts = methods.enumerated().map { k, result -> String in
        "\(name(result.method)) in \(share(result, k == 0 ? " seeds" : ""))"
          + (result.updatesToSuccess.map { " after \(whole($0))" + (k == 0 ? " updates" : "") } ?? "")
      }
      return "\(heading(setting))solved by " + parts.joined(separator: ", ")
    }
    let text = joined(clauses)
    return text.prefix(1).uppercased() + text.dropFirst()
  }

  /// Of one setting what is better than chance without having solved the task; nil where nothing is.
  private func learners(_ setting: TrainingSetting) -> String? {
    let found = setting.methods.filter { $0.outcomes[.learning] ?? 0 > 0 }
    guard !found.isEmpty else { return nil }
    let chance = found.compactMap(\.chanceLoss).first.map { ", chance \(Brief.number($0))" } ?? ""
    let whole = found.filter { $0.outcomes[.learning] == $0.seeds }
    if found.count > 2, whole.count == setting.methods.count {
      let losses = found.compactMap { $0.testLoss }
      guard let best = found.min(by: { $0.testLoss ?? .infinity < $1.testLoss ?? .infinity }),
        let most = losses.max()
      else { return nil }
      return "\(place(setting)): all, with test losses from \(loss(best)) (\(name(best.method))) to "
        + "\(Brief.number(most))\(chance)"
    }
    let parts = found.enumerated().map { k, result -> String in
      let count = result.outcomes[.learning] ?? 0
      let seeds = count == result.seeds ? "" : " in \(count) of \(result.seeds) seeds"
      let number = count == result.seeds ? " (test loss \(loss(result))\(k == 0 ? chance : ""))" : ""
      return name(result.method) + seeds + number
    }
    return "\(place(setting)): " + parts.joined(separator: ", ")
  }

  private func loss(_ result: TrainingMethodResult) -> String {
    guard let interval = result.testLossInterval else { return "unknown" }
    let text = Brief.number(interval.mean)
    return interval.halfWidth.map { "\(text) ± \(Brief.rounded($0))" } ?? text
  }

  private func counts(_ results: [TrainingMethodResult]) -> String {
    let counts = Set(results.map(\.seeds))
    let each = results.count > 1 ? " of each method" : ""
    return counts.count == 1 ? "\(counts.first ?? 0)\(each)" : "of \(results.map(\.seeds).reduce(0, +))"
  }

  // MARK: - What clipping did

  var clipping: String? {
    let clauses = rules.filter { !$0.isNone }.compactMap(clause)
    return clauses.isEmpty ? nil : joined(clauses)
  }

  private func clause(_ rule: GradientRule) -> String? {
    let results = settings.flatMap(\.methods).filter { $0.method.rule == rule }
    let parts = results.grouped { $0.method.variant }.compactMap { variant, results -> String? in
      let engaged = results.compactMap(\.engaged)
      guard let least = engaged.min(), let most = engaged.max() else { return nil }
      let roles = results.compactMap(\.clip).grouped { $0 }.map(\.key.words)
      let (low, high) = (percent(least), percent(most))
      let share = low == high ? low : "\(low) to \(high)"
      let cell = variants.count > 1 ? " of \(cell(variant))" : ""
      return "\(share) % of the updates\(cell) (\(roles.joined(separator: " or ")))"
    }
    guard !parts.isEmpty else { return nil }
    return "\(rule.words(among: rules)) changed \(parts.listed)\(effect(rule))"
  }

  /// What a rule did to the results, against none: how many seeds solved the task or learned, where that differs, and
  /// whether their intervals do; else the test losses, paired by seed. Empty where nothing is compared.
  private func effect(_ rule: GradientRule) -> String {
    var parts: [String] = []
    var isCompared = false
    for setting in settings {
      for result in setting.methods where result.method.rule == rule {
        let base = setting.methods.first {
          $0.method.variant == result.method.variant && $0.method.rule.isNone
        }
        guard let base else { continue }
        isCompared = true
        guard let change = change(result, base) else { continue }
        parts.append(
          change + (variants.count > 1 ? " for \(cell(result.method.variant))" : "") + place(setting))
      }
    }
    guard isCompared else { return "" }
    guard parts.isEmpty else { return ", and " + parts.joined(separator: ", ") }
    return hasSuccessRule
      ? ", and solved as many seeds as none" : ", and made no difference beyond the seeds' spread"
  }

  /// nil where there is none, or none that intervals tell.
  private func change(_ result: TrainingMethodResult, _ base: TrainingMethodResult) -> String? {
    let outcome = hasSuccessRule ? TrainingOutcome.solved : .learning
    let own = SuccessRate(successes: result.outcomes[outcome] ?? 0, count: result.seeds)
    let other = SuccessRate(successes: base.outcomes[outcome] ?? 0, count: base.seeds)
    if own.successes * other.count != other.successes * own.count {
      let overlap = own.low <= other.high && other.low <= own.high ? " (95 % CIs overlap)" : ""
      let verb = hasSuccessRule ? "solved" : "was better than chance in"
      return
        "\(verb) \(own.successes) of \(own.count) seeds instead of \(other.successes) of \(other.count)\(overlap)"
    }
    let differences = result.losses.compactMap { seed, loss in base.losses[seed].map { loss - $0 } }
    guard !hasSuccessRule, let interval = MeanInterval(differences.filter(\.isFinite)),
      let margin = interval.halfWidth, interval.mean.magnitude > margin
    else { return nil }
    return "\(interval.mean < 0 ? "lowered" : "raised") the test loss by "
      + "\(Brief.number(interval.mean.magnitude)) ± \(Brief.rounded(margin))"
  }

  // MARK: - What failed, and why

  var failures: String? {
    var found: [(words: String, name: String, places: [String])] = []
    for setting in settings {
      for result in setting.methods {
        guard let words = failure(result) else { continue }
        let name = name(result.method)
        if let k = found.firstIndex(where: { $0.words == words && $0.name == name }) {
          found[k].places.append(label(setting))
        } else {
          found.append((words, name, [label(setting)]))
        }
      }
    }
    // Methods that failed at the same places in the same way are named together.
    let groups = found.grouped { [$0.words] + $0.places }
    let clauses = groups.map { _, same in
      let place = same[0].places == [""] ? "" : " at \(listed(same[0].places))"
      return "\(same.map(\.name).listed)\(place) \(same[0].words)"
    }
    return clauses.isEmpty ? nil : "Failed: " + joined(clauses)
  }

  /// `vanished in 2 of 3 seeds, exploded in 1`.
  private func failure(_ result: TrainingMethodResult) -> String? {
    let outcomes = TrainingOutcome.allCases.filter {
      ![.solved, .learning, .ended].contains($0) && result.outcomes[$0] ?? 0 > 0
    }
    guard !outcomes.isEmpty else { return nil }
    return outcomes.enumerated().map { k, outcome in
      let isChaos = outcome == .exploded && result.method.rule.clip != .none
      return "\(outcome.words) in \(result.outcomes[outcome] ?? 0)"
        + (k == 0 ? " of \(result.seeds) seeds" : "")
        + (isChaos ? TrainingVerdict.chaosRemark : "")
    }.joined(separator: ", ")
  }

  private func percent(_ share: Double) -> String {
    share > 0 && share < 0.01 ? Brief.number(100 * share, digits: 1) : Brief.number((100 * share).rounded())
  }

  private func whole(_ value: Double) -> String { Brief.grouped(Int(value.rounded())) }
}
