import GradientFlow
import TestSupport
import Testing

/// Truncated backpropagation through time against a loop that is written plainly: forward from the state that
/// was carried, the loss of the newest steps, gradients of the window alone.
@Suite("Truncated backpropagation through time")
struct TruncationTests {
  /// T, k₁ and k₂.
  struct Cut: Sendable, CustomStringConvertible {
    let steps, k1, k2: Int
    var description: String { "T=\(steps) k1=\(k1) k2=\(k2)" }

    init(_ steps: Int, _ k1: Int, _ k2: Int) { (self.steps, self.k1, self.k2) = (steps, k1, k2) }
  }

  static let cuts = [
    Cut(12, 3, 3), Cut(12, 3, 6), Cut(12, 1, 4), Cut(11, 3, 6), Cut(10, 4, 4), Cut(13, 2, 6), Cut(10, 5, 10),
    Cut(10, 20, 20), Cut(10, 4, 12), Cut(10, 1, 1),
  ]

  private static func plan(_ cut: Cut, truncates: Bool = true, learningRate: Double = 0.3) -> TrainingPlan {
    TrainingPlan(
      steps: cut.steps, batch: 3, iterations: 1000, learningRate: learningRate,
      truncation: truncates ? Truncation(k1: cut.k1, k2: cut.k2) : nil, rootSeed: 3, seed: 6)
  }

  private static func state(_ trace: NaiveTrace, _ t: Int) -> InitialState<Double> {
    InitialState(
      hidden: trace.h[t].flatMap { $0 },
      cell: trace.c.isEmpty || trace.c[t].isEmpty ? nil : trace.c[t].flatMap { $0 })
  }

  /// Every window of some sequences in order, its gradient with the weights of its update.
  private static func gradients(
    _ cell: CellKind, _ task: any LearningTask, _ cut: Cut, _ weights: [Network<Double>]
  ) throws -> (gradients: [[Double]], losses: [Double]) {
    let plan = plan(cut)
    let batch = plan.batch
    var found: (gradients: [[Double]], losses: [Double]) = ([], [])
    var sequence = 0
    while found.gradients.count < weights.count {
      sequence += 1
      let sample = try plan.sample(Double.self, of: task, update: sequence)
      // The states from which windows start, by the number of steps before them.
      var starts: [Int: InitialState<Double>] = [:]
      for newest in stride(from: 1, through: cut.steps, by: cut.k1) {
        if found.gradients.count == weights.count { break }
        let end = min(cut.steps, newest + cut.k1 - 1)
        let start = max(0, newest + cut.k1 - 1 - cut.k2)
        let row = batch * task.inputSize
        let hasLoss = task.placement(steps: cut.steps) != .finalStep || end == cut.steps
        let network = NaiveNetwork(
          cell, weights[found.gradients.count], inputs: Array(sample.inputs.dense[start * row..<end * row]),
          steps: end - start, batch: batch,
          loss: hasLoss
            ? NaiveLoss(
              of: task, sample, steps: start + 1...end, read: newest...end, of: cut.steps, batch: batch)
            : .finalDot(v: []),
          from: start == 0 ? nil : starts[start])
        let trace = network.forward()
        if hasLoss {
          let gradients = network.backward(through: trace)
          found.gradients.append(gradients.flat)
          found.losses.append(gradients.loss)
        }
        if start + cut.k1 <= end { starts[start + cut.k1] = Self.state(trace, cut.k1) }
      }
    }
    return found
  }

  private static func check(_ cell: CellKind, _ task: any LearningTask, _ cut: Cut, updates count: Int) throws
  {
    let plan = plan(cut)
    let start = Network.random(cell, for: task)
    let run = try updates(count, plan, task, from: start)
    let weights = [start] + run.snapshots.map(\.network)
    let expected = try gradients(cell, task, cut, Array(weights.dropLast()))
    #expect(run.accounts.count == count)
    for n in 0..<count {
      let found = zip(weights[n].flat, weights[n + 1].flat).map { ($0 - $1) / plan.learningRate }
      // The difference of weights near 1 has an error of 1e-16/η.
      #expect(
        difference(found, expected.gradients[n], relative: 1e-10, absolute: 1e-13) == nil, "update \(n + 1)")
      #expect((run.accounts[n].loss / expected.losses[n] - 1).magnitude < 1e-12)
    }
  }

  @Test(arguments: cuts, [CellKind.rnn, .lstm, .gru])
  func everyWindowIsThatOfThePlainLoop(cut: Cut, cell: CellKind) throws {
    let pieces = (cut.steps + cut.k1 - 1) / cut.k1
    try Self.check(cell, BitMemorisation(bits: 2), cut, updates: 2 * pieces + 1)
  }

  // One update a sequence: the pieces before its window are only read.
  @Test(arguments: cuts, [CellKind.rnn, .lstm])
  func aLossAtTheEndReadsUpToItsWindow(cut: Cut, cell: CellKind) throws {
    try Self.check(cell, TemporalOrder(), cut, updates: 3)
    try Self.check(cell, AddingProblem(), cut, updates: 2)
  }

  @Test(arguments: SmallTask.allCases, [CellKind.rnn, .lstm, .gru])
  func aWindowOfTheWholeSequenceChangesNoBit(kind: SmallTask, cell: CellKind) throws {
    let cut = Cut(kind.steps, kind.steps, kind.steps)
    let weights = Network.random(cell, for: kind.task)
    let whole = try updates(4, Self.plan(cut, truncates: false), kind.task, from: weights)
    let cutUp = try updates(4, Self.plan(cut), kind.task, from: weights)
    #expect(whole.accounts == cutUp.accounts)
    #expect(whole.snapshots.map(\.network) == cutUp.snapshots.map(\.network))
  }

  // What is before the window has no part in its gradient, but in its state.
  @Test func theGradientDoesNotGoBeyondTheWindow() throws {
    let task = BitMemorisation(bits: 2)
    let weights = Network.random(.rnn, for: task)
    func second(_ k2: Int) throws -> [Double] {
      let run = try updates(2, Self.plan(Cut(8, 4, k2), learningRate: 1e-3), task, from: weights)
      return zip(run.snapshots[0].network.flat, run.snapshots[1].network.flat).map { 1e3 * ($0 - $1) }
    }
    #expect(difference(try second(4), try second(8), absolute: 1e-6) != nil)
  }

  @Test func k2IsAMultipleOfK1() {
    #expect(Truncation(k1: 0, k2: 4) == nil && Truncation(k1: 4, k2: 2) == nil)
    #expect(Truncation(k1: 3, k2: 4) == nil && Truncation(k1: 3, k2: 6) != nil)
  }

  // MARK: - Text

  /// Readers at a third of the text each, which come round twice; the last tenth is not read.
  @Test(arguments: [(3, 3), (3, 6), (2, 8)], [CellKind.rnn, .lstm])
  func textIsReadOnFromUpdateToUpdate(cut: (Int, Int), cell: CellKind) throws {
    let (k1, k2) = cut
    let text = "she sells sea shells on the sea shore"
    let task = NextCharacter(text: text)
    let characters = text.unicodeScalars.map { task.vocabulary.firstIndex(of: $0) ?? 0 }
    let (batch, length) = (3, characters.count - characters.count / 10)
    let count = 2 * length / k1 + 1
    let plan = TrainingPlan(
      steps: 7, batch: batch, iterations: 1000, learningRate: 0.2, truncation: Truncation(k1: k1, k2: k2),
      seed: 6)
    let start = Network.random(cell, for: task)
    let run = try updates(count, plan, task, from: start)
    let weights = [start] + run.snapshots.map(\.network)
    var starts: [Int: InitialState<Double>] = [:]
    for n in 0..<count {
      let (end, first) = ((n + 1) * k1, max(0, (n + 1) * k1 - k2))
      func character(_ t: Int, _ b: Int) -> Int { characters[(b * length / batch + t) % length] }
      var (inputs, classes) = ([Double](), [Int: [Int]]())
      for t in first..<end {
        for b in 0..<batch { inputs += (0..<task.inputSize).map { $0 == character(t, b) ? 1 : 0 } }
        if t >= n * k1 { classes[t - first + 1] = (0..<batch).map { character(t + 1, $0) } }
      }
      let network = NaiveNetwork(
        cell, weights[n], inputs: inputs, steps: end - first, batch: batch,
        loss: .crossEntropy(classes: classes, kind: .crossEntropySparse), from: starts[first])
      let trace = network.forward()
      let gradients = network.backward(through: trace)
      let found = zip(weights[n].flat, weights[n + 1].flat).map { ($0 - $1) / plan.learningRate }
      #expect(difference(found, gradients.flat, relative: 1e-10, absolute: 1e-13) == nil, "update \(n + 1)")
      #expect((run.accounts[n].loss / gradients.loss - 1).magnitude < 1e-12)
      if end - first == k2 { starts[first + k1] = Self.state(trace, k1) }
    }
  }
}
