import AllocationCounter
import GradientFlow
import TestSupport
import Testing

@Suite("Allocations of an update")
struct UpdateAllocationTests {
  /// Counts what each update asks for.
  private final class Counter: TrainingObserver {
    typealias Element = Float
    private var before = 0
    private(set) var counts: [Int] = []

    func detail(of iteration: Int) -> TrainingDetail? {
      before = allocation_count()
      return nil
    }
    func evaluates(after iteration: Int) -> Bool { false }
    func updated(_ account: UpdateAccount, _ profiles: [TrainingProfile]) {
      counts.append(allocation_count() - before)
    }
    func evaluated(after iteration: Int, _ evaluation: TaskEvaluation?) {}
    func shouldContinue(after iteration: Int, snapshot: () -> TrainingSnapshot<Float>) -> Bool {
      iteration < 3
    }
  }

  /// Of the third update, which finds all memory in place.
  private static func count(
    _ cell: CellKind, _ task: any LearningTask, steps: Int, _ optimiser: Optimiser, _ clip: GradientClip
  ) throws -> Int {
    let plan = TrainingPlan(
      steps: steps, batch: 3, iterations: 10, optimiser: optimiser, learningRate: 0.01, clip: clip,
      penalty: cell == .rnn ? NormPreservationPenalty(form: .ratio, weight: 0.1) : nil, seed: 1)
    let weights = Network.random(cell, for: task).converted(to: Float.self)
    let counter = Counter()
    _ = try TrainingCourse(
      plan: plan, task: task, start: TrainingSnapshot(network: weights, optimiser: optimiser)
    ).run(counter)
    return try #require(counter.counts.last)
  }

  @Test(
    .enabled(if: allocations_are_counted(), "allocations are counted with glibc only"),
    arguments: [CellKind.rnn, .lstm, .gru], SmallTask.allCases)
  func doNotDependOnTheNumberOfSteps(cell: CellKind, kind: SmallTask) throws {
    for (optimiser, clip) in zip(
      OptimiserTests.optimisers, [GradientClip.none, .globalNorm(0.1), .value(0.01), .stepNorm(1e-4)])
    {
      _ = try Self.count(cell, kind.task, steps: 20, optimiser, clip)  // what is made once for the process
      let short = try Self.count(cell, kind.task, steps: 20, optimiser, clip)
      let long = try Self.count(cell, kind.task, steps: 200, optimiser, clip)
      #expect(short > 0 && short == long, "\(short) \(long)")
    }
  }
}
