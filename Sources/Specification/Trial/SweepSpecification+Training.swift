import GradientFlow
import TextFiles

extension SweepSpecification {
  /// Throws if training or a learnable task conflicts with other keys.
  func checkTraining(_ given: GivenKeys) throws(SpecificationError) {
    try checkSequenceLengths(given)
    try checkStart(given)
    try checkNetwork(given)
    guard trains else { return try checkUntrained(given) }
    if task.kind == .gaussianNoise, let entry = given[.iterations] {
      let kinds = TaskKind.all.filter { $0 != .gaussianNoise }.map(\.name)
      throw entry.keyError(
        .contradiction, "\(entry.name): gaussian-noise cannot be trained on; choose another task",
        allowed: "task kinds " + kinds.joined(separator: ", "))
    }
    if let entry = given[Axis.clip.key], hasPenalty,
      let cell = values(of: .cell, \.cell).first(where: { $0.gates.count > 1 })
    {
      throw entry.keyError(
        .contradiction,
        "\(entry.name): the norm-preserving penalty applies to plain RNNs only, and cells includes "
          + "\(cell.rawValue); train that cell in a separate specification")
    }
  }

  /// Throws if an initial state makes no sense: training starts every sequence at the zero state or carries the state
  /// over, and an image is read from its first pixel.
  private func checkStart(_ given: GivenKeys) throws(SpecificationError) {
    for axis in laterAxes where axis.added == Axis.start {
      guard let entry = given[axis.key], self[axis].texts != [axis.key.defaultText]
      else { continue }
      if trains {
        throw entry.keyError(
          .contradiction,
          "\(entry.name) applies to untrained networks only, because training starts every sequence at the zero "
            + "state; remove it, or remove iterations")
      }
      if let file = task.kind.file, !file.isStream, axis == .washout {
        throw entry.keyError(
          .contradiction,
          "\(entry.name) cannot be used with \(task.kind.name), which reads images from their first pixel; "
            + "remove it")
      }
    }
  }

  /// Without training, its keys are errors, unless the command line switched training off.
  private func checkUntrained(_ given: GivenKeys) throws(SpecificationError) {
    let isSwitchedOff = given[.iterations].map { $0.place.isCommandLine } ?? false
    for key in SpecificationKey.allCases where key.isForTraining && !key.isAxis {
      guard let entry = given[key], entry.place.isCommandLine || !isSwitchedOff else { continue }
      throw entry.keyError(.contradiction, "\(entry.name) \(Axis.Disuse.needsIterations)")
    }
    if let entry = given[Axis.clip.key], hasPenalty, !isSwitchedOff {
      throw entry.keyError(
        .contradiction,
        "\(entry.name): the norm-preserving penalty applies to training only, and no iterations are set; "
          + "add iterations: N")
    }
  }

  private func checkSequenceLengths(_ given: GivenKeys) throws(SpecificationError) {
    for (key, lengths) in lengths {
      guard let entry = given[key] ?? given[.task] else { continue }
      if let steps = task.identity.fixedSteps, let other = lengths.first(where: { $0 != steps }) {
        throw outOfRange(
          key, other, at: entry, "\(task.identity.label) has sequences of \(steps) steps only",
          allowed: "\(steps)")
      }
      if let tokens = task.file?.tokens {
        try checkTextLength(tokens, key, lengths, entry)
        continue
      }
      let least = task.identity.leastSteps
      guard let short = lengths.first(where: { $0 < least }) else { continue }
      throw outOfRange(
        key, short, at: entry,
        "\(task.identity.label) needs sequences of at least \(least) steps, not \(short)",
        allowed: "whole numbers from \(least)")
    }
  }

  /// A sequence of T steps takes T + 1 tokens: the last one is the last target.
  private func checkTextLength(
    _ tokens: Int, _ key: SpecificationKey, _ lengths: [Int], _ entry: SpecificationNode.Entry
  ) throws(SpecificationError) {
    let (part, text) = textPart(tokens, key)
    guard let long = lengths.max(), long + 1 > part else { return }
    throw outOfRange(
      key, long, at: entry, "\(text), and sequences of \(long) steps need \(long + 1); use a longer text",
      allowed: part > 1 ? "whole numbers up to \(part - 1)" : nil)
  }

  /// The shortest part of a text that sequences of a key are drawn from, and how to say it.
  private func textPart(_ tokens: Int, _ key: SpecificationKey) -> (tokens: Int, words: String) {
    if let level = task.identity.tokenLevel {
      let parts = TextParts(
        count: tokens, validation: task.identity[TaskKind.validationPercent, or: 10],
        test: task.identity[TaskKind.testPercent, or: 10])
      // Trained networks are diagnosed on windows of the validation part.
      let part = min(parts.training.count, parts.validation.count)
      return (part, "the \(TaskKind.validationPercent) part of the text has \(part) \(level.noun)s")
    }
    // Tests use a text's last tenth.
    return trains
      ? (tokens / 10, "the last tenth of the text, which is the test set, has \(tokens / 10) characters")
      : (tokens, "the text has \(tokens) characters")
  }

  private func outOfRange(
    _ key: SpecificationKey, _ value: Int, at entry: SpecificationNode.Entry, _ problem: String,
    allowed: String?
  ) -> SpecificationError {
    SpecificationError(
      .outOfRange, at: entry.place, key: key.rawValue, value: "\(value)", "\(key.rawValue): \(problem)",
      allowed: allowed)
  }

  /// Every length that sequences are asked for, by the key that asks.
  private var lengths: [(key: SpecificationKey, values: [Int])] {
    [
      (Axis.sequenceLength.key, values(of: .sequenceLength, \.sequenceLength)),
      (Axis.shortestLength.key, values(of: .shortestLength, \.shortestLength).compactMap(\.self)),
      (.testLengths, trains ? testLengths : []),
    ]
  }
  var hasPenalty: Bool { values(of: .clip) { $0.training?.penalty }.contains { $0 != nil } }
}
