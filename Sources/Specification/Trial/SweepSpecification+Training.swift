import GradientFlow
import TextFiles

extension SweepSpecification {
  /// Throws for what training or a task to be learned does not allow beside the other keys.
  func checkTraining(
    _ given: [SpecificationKey: SpecificationNode.Entry]
  ) throws(SpecificationError) {
    try checkSequenceLengths(given)
    try checkStart(given)
    guard trains else { return try checkUntrained(given) }
    if task.kind == .gaussianNoise, let entry = given[.iterations] {
      let kinds = TaskKind.all.filter { $0 != .gaussianNoise }.map(\.name)
      throw entry.keyError(
        .contradiction, "\(entry.name): there is nothing to learn in gaussian-noise; give a task",
        allowed: "task kinds " + kinds.joined(separator: ", "))
    }
    if let entry = given[Axis.clip.key], hasPenalty,
      let cell = values(of: .cell, \.cell).first(where: { $0.gates.count > 1 })
    {
      throw entry.keyError(
        .contradiction,
        "\(entry.name): the norm-preserving penalty is that of a plain RNN, and cells has \(cell.rawValue); "
          + "train that cell in a specification of its own")
    }
  }

  /// Throws where a start of its own has no meaning: a training begins every sequence at the zero state or carries its
  /// own on, an image is read from its first pixel.
  private func checkStart(
    _ given: [SpecificationKey: SpecificationNode.Entry]
  ) throws(SpecificationError) {
    for axis in laterAxes where axis.generation == .start {
      guard let entry = given[axis.key], axes[axis.key.rawValue]?.texts != axis.key.defaultText.map({ [$0] })
      else { continue }
      if trains {
        throw entry.keyError(
          .contradiction,
          "\(entry.name) is for networks as they are drawn; training starts its sequences at the zero state: "
            + "remove it, or remove iterations")
      }
      if let file = task.kind.file, !file.isStream, axis == .washout {
        throw entry.keyError(
          .contradiction,
          "\(entry.name) does not go with \(task.kind.name), whose images are read from their first pixel; "
            + "remove it")
      }
    }
  }

  /// Where nothing is trained, what is for training is a mistake, unless training was switched off on the command line.
  private func checkUntrained(
    _ given: [SpecificationKey: SpecificationNode.Entry]
  ) throws(SpecificationError) {
    let isSwitchedOff = given[.iterations].map { $0.place.isCommandLine } ?? false
    for key in SpecificationKey.allCases where key.isForTraining && !key.isAxis {
      guard let entry = given[key], entry.place.isCommandLine || !isSwitchedOff else { continue }
      throw entry.keyError(.contradiction, "\(entry.name) \(Axis.Disuse.needsIterations)")
    }
    if let entry = given[Axis.clip.key], hasPenalty, !isSwitchedOff {
      throw entry.keyError(
        .contradiction,
        "\(entry.name): the norm-preserving penalty is for training, and there are no iterations; give "
          + "iterations: N too")
    }
  }

  private func checkSequenceLengths(
    _ given: [SpecificationKey: SpecificationNode.Entry]
  ) throws(SpecificationError) {
    if let characters = task.file?.characters {
      return try checkTextLength(characters, given)
    }
    let least = task.identity.leastSteps
    guard let short = lengths.first(where: { $0 < least }) else { return }
    let problem = "\(task.identity.label) needs sequences of at least \(least) steps, not \(short)"
    guard let entry = given[Axis.sequenceLength.key] ?? given[.task] else { return }
    throw SpecificationError(
      .outOfRange, at: entry.place, key: Axis.sequenceLength.key.rawValue, value: "\(short)",
      "sequence_length: \(problem)", allowed: "whole numbers from \(least)")
  }

  /// A sequence of T steps takes T + 1 characters: the last one is the last target. Trainings are tested on the last
  /// tenth of the text.
  private func checkTextLength(
    _ characters: Int, _ given: [SpecificationKey: SpecificationNode.Entry]
  ) throws(SpecificationError) {
    let part = trains ? characters / 10 : characters
    guard let long = lengths.max(), long + 1 > part,
      let entry = given[Axis.sequenceLength.key] ?? given[.task]
    else { return }
    let text =
      trains
      ? "the last tenth of the text, which is the test set, has \(part) characters"
      : "the text has \(part) characters"
    throw SpecificationError(
      .outOfRange, at: entry.place, key: Axis.sequenceLength.key.rawValue, value: "\(long)",
      "sequence_length: \(text), and sequences of \(long) steps need \(long + 1); use a longer text",
      allowed: part > 1 ? "whole numbers to \(part - 1)" : nil)
  }

  private var lengths: [Int] { values(of: .sequenceLength, \.sequenceLength) }
  private var hasPenalty: Bool { values(of: .clip) { $0.training?.penalty }.contains { $0 != nil } }
}
