import Foundation
import GradientFlow
import Runs
import Specification
import TextFiles
import Trials

/// What the language models of a run reach on the test part of their text, beside models without a recurrent network, and
/// how cells, layers and sizes rank over all pairs of trainings that differ in nothing else.
public struct LanguageComparison: Sendable {
  /// The mean test loss of the trainings that differ only in the seed.
  public struct Model: Sendable {
    /// `lstm, 2 layers, H = 256`.
    public let label: String
    public let loss: MeanInterval
    /// The id of the trial with the least loss.
    public let bestTrial: String
  }

  /// The difference of two values of an axis.
  public struct Difference: Sendable {
    /// `gru − lstm`, `2 layers − 1`.
    public let label: String
    /// Of the test losses, nats per token, over pairs.
    public let interval: MeanInterval
    /// How many of the pairs the first has less loss in.
    public let wins: Int
  }

  public let baselines: [Baseline]
  /// The best first.
  public let models: [Model]
  public let differences: [Difference]
  public let level: TokenLevel

  /// nil for a run that trains no language models.
  package init?(_ run: Run) throws {
    guard run.specification.trainsLanguage, let level = run.specification.task.identity.tokenLevel else {
      return nil
    }
    self.level = level
    baselines = try run.baselines()
    var losses: [TrialParameters: Double] = [:]
    for trial in run.trials {
      guard let record = try run.record(trial, withSteps: false), record.status != .diverged,
        let loss = record.testLoss, loss.isFinite
      else { continue }
      losses[trial] = loss
    }
    let found = run.trials.filter { losses[$0] != nil }
    let groups = found.grouped { $0.erasing([.seed]) }
    // A forget bias tells LSTMs apart only where there are several.
    let biases = Set(found.compactMap(\.forgetBias))
    let labels = groups.map { biases.count > 1 ? $0.key : $0.key.erasing([.forgetBias]) }.headings(
      always: [.cell])
    models = zip(labels, groups).compactMap { label, group -> Model? in
      guard let loss = MeanInterval(group.members.compactMap { losses[$0] }),
        let best = group.members.min(by: { losses[$0] ?? .infinity < losses[$1] ?? .infinity })
      else { return nil }
      return Model(label: label, loss: loss, bestTrial: best.id)
    }.sorted { $0.loss.mean < $1.loss.mean }
    differences =
      Self.differences(.cell, of: found, losses) { ($0.cell.rawValue, "") }
      + Self.differences(.layers, of: found, losses) {
        ("\($0.layers)", $0.layers == 1 ? " layer" : " layers")
      }
      + Self.differences(.hiddenSize, of: found, losses) { ("H = \($0.hiddenSize)", "") }
  }

  /// Every value of an axis against the one before it, by the order of their losses.
  private static func differences(
    _ axis: Axis, of trials: [TrialParameters], _ losses: [TrialParameters: Double],
    name: (TrialParameters) -> (value: String, unit: String)
  ) -> [Difference] {
    // A forget bias is an LSTM's own.
    let erased: [Axis] = axis == .cell ? [.cell, .forgetBias] : [axis]
    let values = trials.grouped { name($0).value }
    guard values.count > 1 else { return [] }
    func mean(_ trials: [TrialParameters]) -> Double {
      trials.reduce(0) { $0 + (losses[$1] ?? 0) } / Double(trials.count)
    }
    let ranked = values.sorted { mean($0.members) < mean($1.members) }
    return zip(ranked.dropFirst(), ranked).compactMap { worse, better in
      let others = Dictionary(
        better.members.map { ($0.erasing(erased), losses[$0] ?? .nan) }, uniquingKeysWith: min)
      let pairs = worse.members.compactMap { trial -> Double? in
        guard let own = losses[trial], let other = others[trial.erasing(erased)] else { return nil }
        return other - own
      }
      guard let interval = MeanInterval(pairs) else { return nil }
      let (first, second) = (name(better.members[0]), name(worse.members[0]))
      return Difference(
        label: "\(first.value)\(first.unit) − \(second.value)\(second.unit)", interval: interval,
        wins: pairs.count { $0 < 0 })
    }
  }

  /// The best n-gram, by what its order was chosen on.
  public var bestNGram: Baseline? { baselines.first { $0.kind == .nGram } }

  /// What was found, in at most two lines.
  public var lines: [String] {
    guard let best = models.first else { return [] }
    let loss = best.loss
    var line =
      "Best: \(best.label) with \(Self.measures(loss.mean, level))"
      + (loss.halfWidth.map { " (± \(Brief.rounded($0)) nats over \(loss.count) seeds)" } ?? "")
    if let other = bestNGram {
      let gap = loss.mean - other.testLoss
      line +=
        ", \(Brief.number(gap.magnitude)) nats \(gap < 0 ? "below" : "above") the best n-gram (order "
        + "\(other.contextLength + 1): \(Brief.number(other.testLoss)))"
    }
    let ranks = differences.map { difference -> String in
      let interval = difference.interval
      let range = interval.halfWidth.map { " ± \(Brief.rounded($0))" } ?? ""
      return
        "\(difference.label): \(Brief.number(interval.mean))\(range) nats, less loss in \(difference.wins) of "
        + "\(interval.count) pairs"
    }
    return [line + "."]
      + (ranks.isEmpty ? [] : ["Paired differences (95 % CI): " + ranks.joined(separator: "; ") + "."])
  }

  /// `1.23 nats per character (perplexity 3.42, 1.77 bits)`.
  static func measures(_ nats: Double, _ level: TokenLevel) -> String {
    "\(Brief.number(nats, digits: 4)) nats per \(level.noun) (perplexity \(Brief.number(exp(nats), digits: 4)), "
      + "\(Brief.number(nats / log(2), digits: 4)) bits)"
  }

  /// Models without a recurrent network as rows of a table, with its titles.
  package var baselineRows: [[String]] {
    [["model without recurrence", "context", "test loss", "perplexity", "bits"]]
      + baselines.map { model in
        [
          model.kind.name, "\(model.contextLength)", Brief.number(model.testLoss, digits: 4),
          Brief.number(exp(model.testLoss), digits: 4), Brief.number(model.testLoss / log(2), digits: 4),
        ]
      }
  }

  /// For programs.
  var json: JSONText {
    .object([
      ("tokens", .string(level.rawValue)), ("best_trial", .string(models.first?.bestTrial)),
      (
        "baselines",
        .array(
          baselines.map { model in
            .object([
              ("model", .string(model.kind.name)), ("context", .integer(model.contextLength)),
              ("validation_loss", .number(model.validationLoss)), ("test_loss", .number(model.testLoss)),
            ])
          })
      ),
      (
        "models",
        .array(
          models.map {
            .object([
              ("model", .string($0.label)), ("test_loss", .number($0.loss.mean)),
              ("half_width", .number($0.loss.halfWidth)), ("seeds", .integer($0.loss.count)),
            ])
          })
      ),
      (
        "differences",
        .array(
          differences.map {
            .object([
              ("difference", .string($0.label)), ("test_loss", .number($0.interval.mean)),
              ("half_width", .number($0.interval.halfWidth)), ("pairs", .integer($0.interval.count)),
              ("wins", .integer($0.wins)),
            ])
          })
      ),
    ])
  }
}
