extension SweepSpecification {
  /// Reads a specification file.
  ///
  /// - Parameters:
  ///   - path: the YAML file.
  ///   - overrides: `key=value`, each with a YAML value that replaces the file's.
  ///   - requiringTaskFile: whether the text of a text task must be at its path even where the
  ///     specification states its `sha256`.
  /// - Throws: ``SpecificationError``, always with the place of the trouble.
  public static func read(
    path: String, overrides: [String] = [], requiringTaskFile: Bool = true
  ) throws(SpecificationError) -> SweepSpecification {
    let text: String
    do throws(InputFile.Failure) {
      let data = try InputFile.bytes(
        at: path, limit: YAMLSource.byteLimit, mustBeRegular: false)
      text = try InputFile.text(of: data)
    } catch {
      throw SpecificationError(error.kind, at: .file(path), error.problem)
    }
    return try parse(
      text: text, file: path, overrides: overrides, requiringTaskFile: requiringTaskFile)
  }

  /// Reads the specification that a run directory keeps, whose text, if any, may lie elsewhere.
  ///
  /// - Throws: ``SpecificationError``.
  public static func readNormalised(
    path: String
  ) throws(SpecificationError) -> SweepSpecification {
    try read(path: path, requiringTaskFile: false)
  }

  /// Reads a specification from its text.
  ///
  /// - Parameters:
  ///   - text: YAML.
  ///   - file: the file's path for messages; a text task's path is relative to its folder.
  ///   - overrides: `key=value`, each with a YAML value that replaces the text's.
  ///   - requiringTaskFile: whether the text of a text task must be at its path even where the
  ///     specification states its `sha256`.
  /// - Throws: ``SpecificationError``.
  public static func parse(
    text: String, file: String, overrides: [String] = [], requiringTaskFile: Bool = true
  ) throws(SpecificationError) -> SweepSpecification {
    var given = try givenKeys(in: text, file: file)
    let replaced = try givenKeys(inOverrides: overrides)
    given.merge(replaced) { _, override in override }
    let policy =
      requiringTaskFile
      ? TaskFilePolicy.required(relativeTo: file) : .optional(relativeTo: file)

    var specification = SweepSpecification()
    // The task and whether there is training come before the keys whose defaults depend on them.
    let first: [SpecificationKey] = [.task, .iterations]
    for key in first + SpecificationKey.allCases.filter({ !first.contains($0) }) {
      if let entry = given[key] {
        try key.definition.read(
          KeyDefinition.Given(name: entry.name, node: entry.value, taskFiles: policy),
          &specification)
      } else {
        try specification.setDefault(of: key, file: file, taskFiles: policy)
      }
    }
    try specification.checkTogether(given)
    specification.dropWhatDoesNotApply()
    try specification.checkTraining(given)
    try specification.checkTrialCount(at: .file(file))
    return specification
  }

  private mutating func setDefault(
    of key: SpecificationKey, file: String, taskFiles: TaskFilePolicy
  ) throws(SpecificationError) {
    let definition = key.definition
    var text = task.kind == .text ? definition.defaultForText : definition.defaultText
    if key == .loss, hasTaskLoss { text = LossKind.task.rawValue }
    guard let text, let node = try YAMLSource(text, origin: .file(file)).root() else {
      throw SpecificationError(
        .missingKey, at: .file(file), key: key.rawValue, "key '\(key.rawValue)' is missing",
        allowed: definition.allowed)
    }
    try definition.read(
      KeyDefinition.Given(name: key.rawValue, node: node, taskFiles: taskFiles), &self)
  }

  /// Throws for what is allowed alone but not beside the other keys.
  private func checkTogether(
    _ given: [SpecificationKey: SpecificationNode.Entry]
  ) throws(SpecificationError) {
    // Cells replaced on the command line may leave the file's forget_bias without use.
    let cellsAreReplaced = given[.cells].map { $0.place.isCommandLine } ?? false
    if let entry = given[.forgetBias], !cells.contains(.lstm),
      entry.place.isCommandLine || !cellsAreReplaced
    {
      let cells = cells.map(\.rawValue).joined(separator: ", ")
      throw entry.keyError(
        .contradiction,
        "\(entry.name) is for the lstm cell, and cells has none: [\(cells)]; "
          + "remove it or add lstm to cells")
    }
    if let entry = given[.loss] {
      if let loss = losses.first(where: { $0.isOfTask != hasTaskLoss }) {
        let fitting = LossKind.allCases.filter { $0.isOfTask == hasTaskLoss }.map(\.rawValue)
        throw SpecificationError(
          .contradiction, at: entry.place, key: entry.name, value: loss.rawValue,
          hasTaskLoss
            ? "\(entry.name): '\(loss.rawValue)' does not go with "
              + (trains
                ? "training, whose loss is that of the task"
                : "the task \(task.kind.rawValue), which has a loss of its own")
            : "\(entry.name): 'task' is the loss of a task to be learned, and \(task.kind.rawValue) is none",
          allowed: fitting.joined(separator: ", "))
      }
    }
    guard task.identity.decidesSizes else { return }
    let decider =
      task.kind == .text
      ? "a text task, where the text's vocabulary" : "the task \(task.kind.rawValue), which"
    for key in [SpecificationKey.inputSize, .readoutSize] {
      guard let entry = given[key] else { continue }
      throw entry.keyError(
        .contradiction, "\(entry.name) cannot be chosen for \(decider) decides; remove it")
    }
    guard task.kind == .text, !hasTaskLoss else { return }
    if let entry = given[.loss], let loss = losses.first(where: { !$0.needsClasses }) {
      let fitting = LossKind.allCases.filter(\.needsClasses).map(\.rawValue)
      throw SpecificationError(
        .contradiction, at: entry.place, key: entry.name, value: loss.rawValue,
        "\(entry.name): '\(loss.rawValue)' does not go with a text task, whose targets are symbols",
        allowed: fitting.joined(separator: ", "))
    }
  }

  /// Whether the loss is the task's own: of every task to be learned, and of a text in training.
  var hasTaskLoss: Bool { task.identity.decidesSizes && (task.kind != .text || trains) }

  /// Empties the axes that no trial uses, so that specifications of the same trials are equal.
  private mutating func dropWhatDoesNotApply() {
    if !cells.contains(.lstm) { forgetBiases = [] }
    if task.identity.decidesSizes { inputSizes = [] }
    if task.identity.decidesSizes || !losses.contains(where: \.hasReadout) { readoutSizes = [] }
    if !trains {
      (optimisers, learningRates, schedules) = ([], [], [])
      (truncations, weightDeviations) = ([], [])
    } else if !weightDeviations.contains(nil) {
      // The deviation of the weights takes their place.
      (spectralRadii, initializers, inputScales) = ([], [.gaussian], [1])
    }
    setCanonicalValues()
  }
}
