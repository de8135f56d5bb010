import GradientFlow

/// `timesteps.csv`: one row a trial and step, columns in fixed order; new ones go to the right.
public enum TimestepsCSV {
  /// The parameters that stand in each row; empty where one does not apply.
  public struct Identity: Sendable, Equatable {
    var trial = "", cell = "", hiddenSize = "", spectralRadius = "", sequenceLength = ""
    var forgetBias = "", clip = "", seed = "", inputScale = "", initializer = ""
    var layer = 0, direction = Direction.forward

    /// Of a trial of a sweep.
    public init(_ p: TrialParameters) {
      trial = p.id
      cell = p.cell.rawValue
      hiddenSize = "\(p.hiddenSize)"
      spectralRadius = CSVField.number(p.spectralRadius)
      sequenceLength = "\(p.sequenceLength)"
      forgetBias = CSVField.number(p.forgetBias)
      clip = CSVField.text(p.rule.label)
      seed = "\(p.seed)"
      inputScale = p.training?.weightDeviation == nil ? CSVField.number(p.inputScale) : ""
      initializer = p.initializer.rawValue
    }

    /// Of a layer of a network that was not drawn by a sweep.
    public init(
      name: String, cell: CellKind, shape: SequenceShape, clip: GradientClip, layer: Int = 0,
      direction: Direction = .forward
    ) {
      trial = CSVField.text(name)
      self.cell = cell.rawValue
      hiddenSize = "\(shape.hiddenSize)"
      sequenceLength = "\(shape.steps)"
      self.clip = CSVField.text(clip.label)
      self.layer = layer
      self.direction = direction
    }
  }

  private static let before: [StepColumn] = [
    .hidden, .cell, .preactivation, .weightHH, .weightIH, .hiddenMean, .hiddenDeviation,
    .immediate, .biasIH,
  ]
  private static let after: [StepColumn] = StepColumn.allCases.filter { !before.contains($0) }

  /// The column names.
  public static let header =
    ([
      "trial", "cell", "hidden_size", "spectral_radius", "sequence_length", "forget_bias", "clip",
      "seed", "t", "lag",
    ] + before.map(\.rawValue) + ["input_scale", "initializer"] + after.map(\.rawValue)
    + ["layer", "direction"])
    .joined(separator: ",")

  /// Writes the rows t = 0…T of a table.
  public static func write(
    _ table: StepTable, of identity: Identity, to write: (String) throws -> Void
  ) rethrows {
    let head = [
      identity.trial, identity.cell, identity.hiddenSize, identity.spectralRadius,
      identity.sequenceLength, identity.forgetBias, identity.clip, identity.seed,
    ].joined(separator: ",")
    let middle = ",\(identity.inputScale),\(identity.initializer)"
    let end = ",\(identity.layer),\(identity.direction.rawValue)\n"
    let first = before.map { table.columns[$0] }
    let last = after.map { table.columns[$0] }
    // Rows are gathered to pieces of some size; a text that keeps its memory is far cheaper than many.
    var text = ""
    text.reserveCapacity(1 << 16)
    for t in 0...table.steps {
      text += head
      text += ",\(t),\(table.steps - t)"
      for column in first { CSVField.append(column?[t], to: &text) }
      text += middle
      for column in last { CSVField.append(column?[t], to: &text) }
      text += end
      if text.utf8.count > 60_000 || t == table.steps {
        try write(text)
        text.removeAll(keepingCapacity: true)
      }
    }
  }
}

extension GradientClip {
  /// `none`, or the kind and its threshold: `step-norm:1`.
  public var label: String {
    threshold.map { "\(kind.rawValue):\(CSVField.number($0))" } ?? kind.rawValue
  }
}
