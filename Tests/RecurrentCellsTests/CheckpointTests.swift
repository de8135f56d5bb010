import GradientFlow
import TestSupport
import Testing

@Suite("Checkpointed passes")
struct CheckpointTests {
  /// Steps that make about two and a half segments: a segment holds 65,536 preactivations.
  private static func sizes(_ cell: NaiveNetwork.Cell) -> NaiveSizes {
    let (batch, hidden) = (4, 48)
    let segment = 65_536 / (batch * hidden * cell.gateCount)
    return NaiveSizes(2 * segment + segment / 2 + 1, batch, 3, hidden, seed: 20)
  }

  @Test(
    arguments: NaiveNetwork.Cell.allCases,
    [NaiveLoss.Kind.finalDot, .crossEntropyEveryStep, .crossEntropySparse])
  func equalWholeTapePassesBitForBit(cell: NaiveNetwork.Cell, loss: NaiveLoss.Kind) {
    let network = NaiveNetwork(cell, Self.sizes(cell), loss: loss, weightScale: 0.8)
    let (whole, cut) = (network.run(Double.self), network.run(Double.self, tapeBudget: 1))
    #expect(!whole.plan.checkpoints && cut.plan.checkpoints && cut.plan.count == 3)
    #expect(cut.steps == whole.steps)
    #expect(cut.recorded == whole.recorded)
    #expect(cut.diagnosis.result.loss == whole.diagnosis.result.loss)
    // Segments are as long with checkpoints as without: sums run in the same order.
    #expect(cut.plan.length == whole.plan.length)
    #expect(cut.gradients == whole.gradients)
    #expect(cut.hiddenStates.isEmpty)
  }

  @Test(arguments: NaiveNetwork.Cell.allCases)
  func equalWholeTapePassesUnderAClip(cell: NaiveNetwork.Cell) {
    let network = NaiveNetwork(
      cell, Self.sizes(cell), loss: .crossEntropyEveryStep, weightScale: 0.8)
    let clip = StepClip.example(threshold: 1e-5)
    let whole = network.run(Float.self, clip: clip)
    let cut = network.run(Float.self, clip: clip, tapeBudget: 1)
    #expect(cut.steps == whole.steps)
    #expect(cut.gradients == whole.gradients)
    let fraction = whole.diagnosis.result.clippedFraction
    #expect(cut.diagnosis.result.clippedFraction == fraction && fraction > 0)
  }

  // A state so large that a segment is a few steps: checkpoints then make segments longer, sums
  // over steps are grouped differently, and only the weight gradients may differ, by rounding.
  @Test func longerSegmentsChangeNoNorm() {
    let sizes = NaiveSizes(24, 512, 2, 64, seed: 21)
    let network = NaiveNetwork(.lstm, sizes, loss: .finalDot)
    let (whole, cut) = (network.run(Double.self), network.run(Double.self, tapeBudget: 1))
    #expect(whole.plan.length == 1 && cut.plan.checkpoints && cut.plan.length > 1)
    #expect(cut.steps == whole.steps)
    for (mine, other) in zip(cut.gradients.named, whole.gradients.named) {
      // 24 · 512 terms, each sum exact to a few rounding errors of its size.
      let size = other.gradient.norm.double
      #expect(
        difference(mine.gradient.doubles, other.gradient.doubles, absolute: 1e-14 * size) == nil)
    }
  }

  @Test func plansCoverEveryStepOnce() {
    for (steps, budget) in [(1, 1), (7, 1), (1000, 1), (1000, 1 << 20), (65_537, 1), (12, 0)] {
      for current in [1, 100, 70_000] {
        let plan = SegmentPlan(
          steps: steps, stateElements: 64, tapeElements: 192, currentElements: current,
          budget: budget)
        let covered = (0..<plan.count).flatMap { Array(plan.steps(of: $0, total: steps)) }
        #expect(covered == Array(1...steps))
        for index in 0..<plan.count {
          #expect(plan.steps(of: index, total: steps).count <= plan.length)
        }
      }
    }
  }
}
