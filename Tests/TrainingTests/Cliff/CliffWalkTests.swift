import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Walks down the error surface with a wall")
struct CliffWalkTests {
  /// A walk with some of its updates: n, w, b and E after it, η f(n), log10 ‖∇E‖ before and after clipping.
  struct Known: Sendable {
    let clip: GradientClip
    let clipped: Int
    let rows: String
  }

  // Of the program in which these two numbers were still the weights of a network of one unit, trained like any other.
  static let walks = [
    Known(
      clip: .none, clipped: 0,
      rows: """
        1 5.273263366079885 -1.427345637473201 0.07638017353796803 2 -1.7184625371160465 -1.7184625371160465
        12 4.816561397200792 -1.9030755262445478 0.05244459273135824 1.7705132427757893 -1.2890045727863557 -1.2890045727863557
        16 4.428209941327536 -2.3436737615455554 0.2829716961438355 1.5877852522924734 -0.8859093316373002 -0.8859093316373002
        22 4.817864539076707 -0.37269260183858144 0.08277227342520585 1.2486898871648546 0.17520458804358935 0.17520458804358935
        50 4.712706461830038 -0.4793095077480698 0.08102456753881511 0.001973271571728441 -1.8859590724305781 -1.8859590724305781
        """),
    Known(
      clip: .globalNorm(0.05), clipped: 29,
      rows: """
        1 5.273263366079885 -1.427345637473201 0.07638017353796803 2 -1.7184625371160465 -1.7184625371160465
        12 4.8182647526998394 -1.9012631249696748 0.05259454545007277 1.7705132427757893 -1.2890045727863557 -1.301038444262248
        22 4.439057187697182 -2.24288587458927 0.0011697493120589298 1.2486898871648546 -0.3280804388199113 -1.3010309200732426
        30 4.40708069899172 -2.200368574535123 0.0031910343187698284 0.7513101128351451 1.2172909626646204 -1.3010300219965565
        50 4.38492349274882 -2.2207059454746316 4.0061435684800414e-12 0.001973271571728441 -4.771348992743745 -4.771348992743745
        """),
  ]

  // An ulp of b, as another libm may round it, moves the end of the first walk by 7e-12 and E of the second by 1e-7.
  @Test(arguments: walks) func areWhatTheyWere(_ known: Known) {
    let walk = CliffWalk(known.clip)
    #expect(walk.steps.map(\.update) == Array(1...50) && walk.divergence == nil)
    #expect([walk.start.w, walk.start.b, walk.start.error] == [5.3, -1.4, 0.07713362370361296])
    for line in known.rows.split(separator: "\n") {
      let row = line.split(separator: " ").compactMap { Double($0) }
      let step = walk.steps[Int(row[0]) - 1]
      let found = [step.end.w, step.end.b, step.learningRate, step.normBefore.log10, step.normAfter.log10]
      #expect(difference(found, [row[1], row[2]] + row[4...], relative: 1e-10) == nil, "\(line)")
      #expect(difference([step.end.error], [row[3]], relative: 1e-6) == nil, "\(line)")
    }
    #expect(walk.steps.count(where: \.isClipped) == known.clipped)
  }

  /// ∇E by central differences: ε² E''' and ulp(E)/ε, about 1e-10 for ε = 1e-5 where E is smooth.
  private func slope(_ model: CliffModel, _ at: CliffWalk.Point) -> [Double] {
    [(1e-5, 0.0), (0, 1e-5)].map { dw, db in
      (model.error(w: at.w + dw, b: at.b + db) - model.error(w: at.w - dw, b: at.b - db)) / 2e-5
    }
  }

  @Test(
    arguments: [GradientClip.none, .globalNorm(0.02), .value(0.015)],
    [LearningRateSchedule.constant, .cosine, .inverseTime(scale: 4)])
  func everyStepGoesDownTheClippedSlope(_ clip: GradientClip, _ schedule: LearningRateSchedule) {
    let model = CliffModel()
    let walk = CliffWalk(clip, w: 3, b: -1, learningRate: 0.5, schedule: schedule, iterations: 20)
    #expect(walk.steps.count == 20)
    for (from, step) in zip(walk.points, walk.steps) {
      let slope = slope(model, from)
      let norm = hypot(slope[0], slope[1])
      var clipped = slope
      if case .globalNorm(let limit) = clip { clipped = slope.map { $0 * min(1, limit / (norm + 1e-6)) } }
      if case .value(let limit) = clip { clipped = slope.map { max(-limit, min(limit, $0)) } }
      let rate = 0.5 * schedule.factor(update: step.update, of: 20)
      let change = [from.w - step.end.w, from.b - step.end.b]
      #expect(difference(change, clipped.map { rate * $0 }, absolute: 1e-9) == nil)
      #expect(
        difference(
          [step.normBefore.double, step.normAfter.double], [norm, hypot(clipped[0], clipped[1])],
          absolute: 1e-9) == nil)
      #expect((step.length - hypot(change[0], change[1])).magnitude < 1e-14)
      #expect(step.isClipped == (clipped != slope))
      #expect(step.end.error == model.error(w: step.end.w, b: step.end.b))
    }
    #expect((walk.steps.count(where: \.isClipped) > 0) == (clip != .none))
  }

  @Test func theFirstOfTheLargestIsNamed() throws {
    let walk = CliffWalk(.none)
    let (steepest, longest) = (try #require(walk.steepest), try #require(walk.longest))
    #expect(walk.steps.allSatisfy { $0.normBefore < steepest.normBefore || $0.update >= steepest.update })
    #expect(walk.steps.allSatisfy { $0.length < longest.length || $0.update >= longest.update })
    #expect(longest.update == 22 && walk.end == walk.steps[49].end)
  }

  @Test func withoutUpdatesItStaysWhereItIs() {
    let walk = CliffWalk(.none, iterations: 0)
    #expect(walk.steps.isEmpty && walk.points == [walk.start] && walk.end == walk.start)
    #expect(walk.steepest == nil && walk.longest == nil && walk.divergence == nil)
  }

  // w σ(0.5) + b = 5e307 · 1.6 − 1e308 is no more than a number; σ(x_50) = 0 or 1 then, and the slope is 0.
  @Test func farAwayTheSurfaceIsFlat() {
    let walk = CliffWalk(.none, w: 1.7e308, b: -1e308, learningRate: 1e308, schedule: .constant)
    #expect(walk.divergence == nil && walk.end == walk.start && walk.steps.count(where: \.isClipped) == 0)
  }

  @Test func weightsThatLeaveTheRangeEndIt() {
    // At the wall the gradient is above 1e10.
    let walk = CliffWalk(.none, w: 10, b: Self.wall, learningRate: 1e300, schedule: .constant)
    #expect(walk.divergence?.kind == .weights && walk.divergence?.iteration == 1)
    #expect(walk.steps.isEmpty && walk.end == walk.start)
  }

  @Test func aGradientThatIsNoNumberEndsIt() {
    let walk = CliffWalk(.globalNorm(1), w: 1, b: .nan)
    #expect(walk.divergence?.kind == .gradient && walk.divergence?.iteration == 1 && walk.steps.isEmpty)
  }

  /// Where x_0 is the unstable fixed point for w = 10.
  private static let wall = 0.5 - 10 / (1 + exp(-0.5))

  private func step(_ clip: GradientClip) -> CliffWalk.Step {
    CliffWalk(clip, w: 10, b: Self.wall, learningRate: 1, schedule: .constant, iterations: 1).steps[0]
  }

  // A clip brings back what the wall, 3e18 steep, throws away.
  @Test func aClipHoldsAtAnyHeightOfTheWall() {
    let (free, held) = (step(.none), step(.globalNorm(0.1)))
    #expect(free.length > 1e10 && free.normBefore == held.normBefore)
    #expect((held.length - 0.1).magnitude < 1e-12 && held.isClipped)
  }
}
