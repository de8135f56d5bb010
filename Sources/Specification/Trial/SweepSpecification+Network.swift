import GradientFlow
import TextFiles

extension SweepSpecification {
  /// Throws if what a network consists of, or the lengths that it reads, contradict other keys or each other.
  func checkNetwork(_ given: GivenKeys) throws(SpecificationError) {
    try checkLengths(given)
    try checkDirections(given)
    try checkTiedReadout(given)
    try checkTopology(given)
    try checkPenalty(given)
  }

  /// Lengths vary in min_length…sequence_length, of sequences that begin and end with their first and last step.
  private func checkLengths(_ given: GivenKeys) throws(SpecificationError) {
    let shortest = values(of: .shortestLength, \.shortestLength).compactMap(\.self)
    let steps = values(of: .sequenceLength, \.sequenceLength)
    guard let entry = given[Axis.shortestLength.key], let most = steps.min(), let largest = shortest.max()
    else {
      return
    }
    guard largest <= most else {
      throw SpecificationError(
        .outOfRange, at: entry.place, key: entry.name, value: "\(largest)",
        "\(entry.name): \(largest) is beyond the sequence_length \(most), which the longest sequences have",
        allowed: "none, whole numbers from \(task.identity.leastSteps) to \(most)")
    }
    try refuse(
      entry, with: Axis.washout, "sequences that begin at different steps have no common washout", given)
    try refuse(entry, with: Axis.truncation, "a truncated sequence goes on where the last one ended", given)
  }

  private func checkDirections(_ given: GivenKeys) throws(SpecificationError) {
    guard let entry = given[Axis.bidirectional.key], isBidirectional else { return }
    if task.identity.tokenLevel != nil {
      throw entry.keyError(
        .contradiction,
        "\(entry.name) cannot be used with \(task.kind.name): a layer that reads backwards would have read what is to be "
          + "told; remove it", allowed: "false")
    }
    try refuse(
      entry, with: Axis.washout, "a layer that reads backwards has no state from before the sequence", given)
    try refuse(
      entry, with: Axis.truncation, "a layer that reads backwards would begin at the end of each piece", given
    )
  }

  /// One array is both: V rows of E numbers, and O rows of D·H.
  private func checkTiedReadout(_ given: GivenKeys) throws(SpecificationError) {
    guard let entry = given[Axis.tiesReadout.key], values(of: .tiesReadout, \.tiesReadout).contains(true)
    else {
      return
    }
    guard task.identity.saysItsTokens else {
      throw entry.keyError(
        .contradiction,
        "\(entry.name): the outputs of \(task.identity.label) are not the tokens that it reads, so the readout cannot be "
          + "the embedding; remove it", allowed: "false")
    }
    if readoutStart == .chance, trains {
      throw entry.keyError(
        .contradiction,
        "\(entry.name): a readout that starts at chance has weight 0, and so would the embedding; set readout_start to "
          + "\(ReadoutStart.drawn.rawValue)", allowed: "false")
    }
    let embeddings = values(of: .embeddingSize, \.embeddingSize).compactMap(\.self)
    for hidden in values(of: .hiddenSize, \.hiddenSize) {
      for directions in values(of: .bidirectional, \.directions) {
        guard let other = embeddings.first(where: { $0 != directions * hidden }) else { continue }
        let width = directions == 1 ? "H = \(hidden)" : "2·H = \(2 * hidden)"
        throw entry.keyError(
          .contradiction,
          "\(entry.name): the readout reads \(width) numbers, and the embedding has E = \(other); they must be equal",
          allowed: "embedding_size \(directions * hidden) for hidden_size \(hidden)")
      }
    }
  }

  /// An encoder's states are those that its decoder starts from; what is read once is not read in pieces.
  private func checkTopology(_ given: GivenKeys) throws(SpecificationError) {
    let why: String
    var axes = [Axis.washout, .truncation]
    switch task.identity.topology {
    case .encoderDecoder:
      axes.append(.initialStateScale)
      why = "starts its decoder from the states of its encoder"
    case .oneToMany: why = "reads its input at the first step only"
    case .oneToOne, .manyToOne, .manyToMany: return
    }
    for axis in axes where uses(axis) {
      guard let entry = given[axis.key] else { continue }
      throw entry.keyError(
        .contradiction, "\(entry.name) cannot be used with \(task.identity.label), which \(why); remove it",
        allowed: axis.key.defaultText)
    }
  }

  /// The penalty is of one W_hh, along sequences of one length.
  private func checkPenalty(_ given: GivenKeys) throws(SpecificationError) {
    guard hasPenalty, let entry = given[Axis.clip.key] else { return }
    let problem = "the norm-preserving penalty applies to one recurrent layer, read forward, "
    let ofLengths = "the norm-preserving penalty applies to sequences of one length, "
    for axis in [Axis.layers, .bidirectional, .shortestLength] where uses(axis) {
      let problem = axis == .shortestLength ? ofLengths : problem
      throw entry.keyError(
        .contradiction, "\(entry.name): \(problem)and \(axis.key.rawValue) is set; remove one of them",
        allowed: "\(axis.key.rawValue): \(axis.key.defaultText ?? "")")
    }
    if task.identity.topology == .encoderDecoder {
      throw entry.keyError(
        .contradiction, "\(entry.name): \(problem)and \(task.identity.label) has an encoder beside it",
        allowed: ValueRule.clip().allowed)
    }
  }

  private var isBidirectional: Bool { values(of: .bidirectional, \.isBidirectional).contains(true) }

  /// Whether an axis has another value than its default.
  private func uses(_ axis: Axis) -> Bool {
    !self[axis].texts.isEmpty && self[axis].texts != [axis.key.defaultText]
  }

  private func refuse(
    _ entry: SpecificationNode.Entry, with axis: Axis, _ reason: String, _ given: GivenKeys
  ) throws(SpecificationError) {
    guard uses(axis) else { return }
    throw entry.keyError(
      .contradiction,
      "\(entry.name) cannot be used together with \(axis.key.rawValue), because \(reason); remove one of them",
      allowed: "\(axis.key.rawValue): \(axis.key.defaultText ?? "")")
  }
}
