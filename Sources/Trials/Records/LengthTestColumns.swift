import GradientFlow

/// The columns of `test_lengths.csv`. A new one is an entry of ``columns``.
extension LengthTest: ColumnSource {
  public typealias Entry = Double?

  public static let columns: [Column<LengthTest, Double?>] = [
    .length,
    Column("sequences", "Number of test sequences used.") { $0.evaluation.map { Double($0.sequences) } },
    .loss,
    Column("perplexity", "e to the loss; of classes only.") { $0.evaluation?.perplexity },
    .error,
    Column("accuracy", "Share of the outputs that count whose right class has the largest; of classes only.")
    {
      $0.evaluation?.accuracy
    },
    .ownLoss, .ownAccuracy,
  ]
}

extension Column<LengthTest, Double?> {
  public static var length: Self { Self("length", "Steps T of the sequences.") { Double($0.steps) } }
  public static var loss: Self {
    Self("loss", "Mean loss over the outputs that count.") { $0.evaluation?.loss }
  }
  public static var error: Self {
    Self("error", "Share of wrong sequences.") { $0.evaluation?.errorRate }
  }
  public static var ownLoss: Self {
    Self(
      "own_loss", "Mean loss where the network reads its own outputs; of tasks that read outputs as inputs."
    ) { $0.evaluation?.ownLoss }
  }
  public static var ownAccuracy: Self {
    Self("own_accuracy", "Share of right outputs where the network reads its own; of the same tasks.") {
      $0.evaluation?.ownAccuracy
    }
  }
}

extension ColumnTable<LengthTest> {
  /// No tests.
  public init() { self.init(rows: 0) }

  /// Takes in a test.
  package mutating func add(_ test: LengthTest) { append(1) { $0.value(test).map { [$0] } } }
}
