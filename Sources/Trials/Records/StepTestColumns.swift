import GradientFlow

/// What a trained network makes of one step of test sequences.
public struct StepTest: Sendable {
  package let score: TaskEvaluation.StepScore
  /// What is lost there without memory; nil where the task does not say.
  package let chanceLoss: Double?
}

/// The columns of `test_steps.csv`. A new one is an entry of ``columns``.
extension StepTest: ColumnSource {
  public typealias Entry = Double?

  public static let columns: [Column<StepTest, Double?>] = [
    .t, .outputs, .loss,
    Column("perplexity", "e to the loss; of classes only.") { $0.score.perplexity },
    .accuracy, .ownLoss, .ownAccuracy, .chanceLoss,
  ]
}

extension Column<StepTest, Double?> {
  public static var t: Self {
    Self("t", "Step, counted from each sequence's own start.") { Double($0.score.step) }
  }
  public static var outputs: Self {
    Self("outputs", "Number of outputs that count at that step.") { Double($0.score.count) }
  }
  public static var loss: Self { Self("loss", "Mean loss over the outputs that count.") { $0.score.loss } }
  public static var accuracy: Self {
    Self("accuracy", "Share of them whose right class has the largest; of classes only.") {
      $0.score.accuracy
    }
  }
  public static var ownLoss: Self {
    Self(
      "own_loss", "Mean loss where the network reads its own outputs; of tasks that read outputs as inputs."
    ) { $0.score.ownLoss }
  }
  public static var ownAccuracy: Self {
    Self("own_accuracy", "Share of right outputs where the network reads its own; of the same tasks.") {
      $0.score.ownAccuracy
    }
  }
  public static var chanceLoss: Self {
    Self("chance_loss", "Loss of chance at that step, where the task says it.") { $0.chanceLoss }
  }
}

extension ColumnTable<StepTest> {
  /// No tests.
  public init() { self.init(rows: 0) }

  /// A test by step; no rows where the loss reads one step alone.
  ///
  /// - Parameter lengths: of the test sequences, uniform in the range.
  init(_ evaluation: TaskEvaluation, chanceOf task: any LearningTask, lengths: ClosedRange<Int>) {
    self.init(rows: 0)
    guard evaluation.steps.count > 1 else { return }
    let tests = evaluation.steps.map { score in
      StepTest(score: score, chanceLoss: task.chanceLoss(at: score.step, lengths: lengths))
    }
    append(tests.count) { column in
      let values = tests.map { column.value($0) }
      return values.contains { $0 != nil } ? values.map { $0 ?? .nan } : nil
    }
  }
}
