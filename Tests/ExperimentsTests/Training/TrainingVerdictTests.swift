import Experiments
import Foundation
import GradientFlow
import Testing

@Suite("Verdicts on trainings") struct TrainingVerdictTests {
  /// Of a task with a rule for when it is solved, unless told otherwise.
  private static func trial(
    _ clip: String = "none", task: String = "{kind: adding}", more: String = ""
  ) throws -> TrialParameters {
    try #require(
      try parse("task: \(task)\ncells: rnn\niterations: 100\nseeds: 1\nclip: \(clip)\n\(more)").trials.first)
  }

  /// A record of rows with so many updates each.
  private static func record(
    engaged: [Double] = [0, 0], loss: Double = 1, before: [Double] = [0, 0], largest: [Double]? = nil,
    after: [Double]? = nil,
    testLoss: Double = 1, tests: [Double] = [], profile: [Double] = []
  ) -> TrialRecord {
    let engaged = tests.isEmpty ? engaged : tests.map { _ in 0 }
    let before = tests.isEmpty ? before : engaged
    var record = TrialRecord(status: .ok)
    record.testLoss = testLoss
    record.chanceLoss = 1
    let steps = profile.count - 1
    record.training = TrainingRecord(
      rows: ColumnTable(
        rows: engaged.count,
        columns: [
          .iteration: engaged.indices.map { Double(50 * ($0 + 1)) }, .engaged: engaged,
          .loss: engaged.map { _ in loss }, .updates: engaged.map { _ in 50 },
          .gradBefore: before,
          .gradBeforeMax: largest ?? before, .gradAfter: after ?? before,
          .testLoss: tests.isEmpty ? engaged.map { _ in .nan } : tests,
        ]),
      profiles: profile.isEmpty
        ? ColumnTable(rows: 0)
        : ColumnTable(
          rows: steps + 1,
          columns: [
            .iteration: profile.map { _ in 1 }, .t: (0...steps).map(Double.init), .hidden: profile,
          ]))
    return record
  }

  @Test(arguments: [
    (0.0, ClipVerdict.idle), (0.009, .idle), (0.011, .safetyNet), (0.5, .safetyNet), (0.51, .stepSizeLimiter),
    (1, .stepSizeLimiter),
  ])
  func clippingIsNamedByTheShareOfUpdatesItChanged(share: Double, expected: ClipVerdict) throws {
    let verdict = TrainingVerdict(
      try Self.trial("{global-norm: 1}"), Self.record(engaged: [share, share]))
    #expect(verdict.clip == expected && verdict.engaged == share)
    #expect(TrainingVerdict(try Self.trial("none"), Self.record(engaged: [share, share])).clip == nil)
  }

  @Test func whyTrainingsFail() throws {
    let (none, clip) = (try Self.trial("none"), try Self.trial("{global-norm: 1}"))
    var solved = Self.record()
    solved.solvedAt = 10
    #expect(TrainingVerdict(none, solved).outcome == .solved)
    #expect(TrainingVerdict(none, TrialRecord(status: .diverged)).outcome == .diverged)
    #expect(TrainingVerdict(none, Self.record()).outcome == .stalled)
    #expect(TrainingVerdict(none, Self.record(testLoss: 0.9)).outcome == .learning)
    // As many sequences as are wanted can be drawn of it: a training loss below chance is luck.
    #expect(TrainingVerdict(none, Self.record(loss: 0.9)).outcome == .stalled)
    // Ten steps, half a decade a step: at t = 2 it is four decades below that at 10.
    let falling = (0...10).map { -0.5 * Double(10 - $0) }
    #expect(TrainingVerdict(none, Self.record(profile: falling)).outcome == .vanished)
    #expect(TrainingVerdict(none, Self.record(profile: falling)).log10Reach == -4)
    // Even where something is learned.
    #expect(TrainingVerdict(none, Self.record(testLoss: 0.5, profile: falling)).outcome == .vanished)
    #expect(TrainingVerdict(none, Self.record(largest: [0, 2.5])).outcome == .exploded)
    #expect(TrainingVerdict(none, Self.record(largest: [0, 1.5])).outcome == .stalled)
    #expect(TrainingVerdict(none, Self.record(testLoss: 3.1)).outcome == .exploded)
    #expect(TrainingVerdict(none, Self.record(testLoss: 2.9)).outcome == .aboveChance)
    #expect(TrainingVerdict(none, Self.record(testLoss: 1.1)).outcome == .stalled)
    // Clipping takes the force out of it.
    #expect(TrainingVerdict(clip, Self.record(largest: [0, 2.5])).outcome == .stalled)
    // Gradients that become small in the course of a training are no explosion at its beginning.
    let slow = (0..<100).map { -0.04 * Double($0) }
    let slowly = Self.record(engaged: slow.map { _ in 0 }, before: slow)
    #expect(TrainingVerdict(none, slowly).log10Spike.map { $0 < 0.5 } ?? false)
    let cut = Self.record(engaged: [0.9, 0.9], before: [0.5, 0.5], after: [-1, -1])
    #expect(TrainingVerdict(clip, cut).outcome == .cutTooHard)
    #expect(TrainingVerdict(clip, cut).log10Shrink == -1.5)
    // The steps of Adam do not depend on how long the gradient is.
    let adam = try Self.trial("{global-norm: 1}", more: "optimizer: adam")
    #expect(TrainingVerdict(adam, cut).outcome == .stalled)
    let gentle = Self.record(engaged: [0.9, 0.9], before: [0.5, 0.5], after: [0, 0])
    #expect(TrainingVerdict(clip, gentle).outcome == .stalled)
  }

  /// Far above chance is not at chance: either the updates were too few, or the loss no longer falls.
  @Test func aLossAboveChanceIsToldFromOneAtChance() throws {
    for clip in ["none", "{global-norm: 1}"] {
      func outcome(_ tests: [Double]) throws -> TrainingOutcome {
        TrainingVerdict(try Self.trial(clip), Self.record(testLoss: tests.last ?? 0, tests: tests)).outcome
      }
      #expect(try outcome([3, 7.8]) == (clip == "none" ? .exploded : .aboveChance))
      #expect(try outcome([8, 7.8]) == .aboveChance)
      #expect(try outcome([9, 7.8]) == .tooFewUpdates)
      #expect(try outcome([2.5, 1.8]) == .tooFewUpdates)
      #expect(try outcome([9, 1.5, 2.5]) == .aboveChance)  // thrown up again
      #expect(try outcome([2.5, 1.1]) == .stalled)
    }
  }

  /// A larger threshold helps where the clip cuts an ordinary gradient, not where its direction is chaos.
  @Test func whatExplodesOverTimeIsNotCutTooHard() throws {
    let clip = try Self.trial("{global-norm: 1}")
    let growing = (0...10).map { 5 * Double(10 - $0) }
    let cut = Self.record(engaged: [1, 1], before: [0.5, 0.5], after: [-1, -1], profile: growing)
    #expect(TrainingVerdict(clip, cut).outcome == .exploded)
    #expect(
      TrainingVerdict(clip, cut).remark
        == " (whatever its size, a clipped gradient keeps a chaotic direction)")
    let vast = Self.record(engaged: [1, 1], before: [48, 52], after: [0, 0])
    #expect(TrainingVerdict(clip, vast).outcome == .exploded)
    let adam = try Self.trial("{value: 1}", more: "optimizer: adam")
    #expect(TrainingVerdict(adam, vast).outcome == .exploded)
    let learning = Self.record(engaged: [1, 1], before: [48, 52], after: [0, 0], testLoss: 0.5)
    #expect(TrainingVerdict(clip, learning).outcome == .learning)
    // A tiny threshold cuts a gradient of ordinary size: that is too hard, and no chaos.
    let tiny = Self.record(engaged: [1, 1], before: [0.5, 0.5], after: [-9, -9])
    #expect(TrainingVerdict(clip, tiny).outcome == .cutTooHard)
    let level = Self.record(
      engaged: [1, 1], before: [9, 9], after: [0, 0], profile: Array(repeating: 0, count: 11))
    #expect(TrainingVerdict(clip, level).outcome == .cutTooHard)
    // The clip hardly ever acts: whatever explodes now and then is not the reason.
    let rare = Self.record(engaged: [0.1, 0.1], before: [48, 52], after: [0, 0])
    #expect(TrainingVerdict(clip, rare).outcome == .stalled)
  }

  // A gradient that is exactly zero at an early step is as vanished as can be.
  @Test func anExactZeroIsVanished() throws {
    let profile: [Double] = [-.infinity, -.infinity, -.infinity, -1, 0, 0, 0, 0, 0, 0, 0]
    #expect(TrainingVerdict(try Self.trial("none"), Self.record(profile: profile)).outcome == .vanished)
  }

  // Nothing says when such a task is solved: below chance it is learning, whatever its gradients do.
  @Test func whatTextsAndImagesEndWith() throws {
    let text = try withFolder(["book.txt": Data(String(repeating: "she sells sea shells ", count: 60).utf8)])
    {
      try Self.trial(task: "{kind: text, path: \($0)/book.txt}")
    }
    let falling = (0...10).map { -0.5 * Double(10 - $0) }
    #expect(TrainingVerdict(text, Self.record(testLoss: 0.5, profile: falling)).outcome == .learning)
    #expect(TrainingVerdict(text, Self.record(profile: falling)).outcome == .vanished)
    #expect(TrainingVerdict(text, Self.record(loss: 0.9)).outcome == .overfitted)
    #expect(TrainingVerdict(text, Self.record(loss: 0.96)).outcome == .stalled)
  }

  // Past the truncation a gradient is zero by design.
  @Test func truncationIsNotVanishing() throws {
    let cut = try Self.trial(more: "truncation: {k1: 2, k2: 2}")
    let profile: [Double] = [-.infinity, -.infinity, -.infinity, -1, 0, 0, 0, 0, 0, 0, 0]
    #expect(TrainingVerdict(cut, Self.record(profile: profile)).outcome == .stalled)
  }

  @Test func withoutALevelOfChanceATrainingHasEnded() throws {
    var record = Self.record()
    record.chanceLoss = nil
    #expect(TrainingVerdict(try Self.trial(), record).outcome == .ended)
  }
}
