import TextFiles

extension SweepSpecification {
  /// Reads a specification file.
  ///
  /// - Parameters:
  ///   - path: the YAML file.
  ///   - overrides: `key=value`, each with a YAML value that replaces the file's.
  ///   - requiringTaskFile: whether the text of a text task must be at its path even where the
  ///     specification states its `sha256`.
  /// - Throws: ``SpecificationError``, always with the place of the error.
  public static func read(
    path: String, overrides: [String] = [], requiringTaskFile: Bool = true
  ) throws(SpecificationError) -> SweepSpecification {
    let data = try InputFile.bytes(at: path, limit: YAMLSource.byteLimit, mustBeRegular: false)
    return try parse(
      text: InputFile.text(of: data, at: path), file: path, overrides: overrides,
      requiringTaskFile: requiringTaskFile)
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
    let policy = TaskFilePolicy(specification: file, trustsStatedHash: !requiringTaskFile)

    var specification = SweepSpecification()
    // The task and whether there is training come before the keys whose defaults depend on them.
    let first: [SpecificationKey] = [.task, .iterations]
    for key in first + SpecificationKey.allCases.filter({ !first.contains($0) }) {
      if let entry = given[key] {
        do throws(SpecificationError) {
          try key.read(
            SpecificationKey.Given(name: entry.name, node: entry.value, taskFiles: policy), &specification)
        } catch {
          var error = error
          if entry.place.isCommandLine, key.isAxis { error.example = "\(entry.name)=\(key.example)" }
          throw error
        }
      } else {
        try specification.setDefault(of: key, file: file, taskFiles: policy)
      }
    }
    try specification.checkLoss(given)
    try specification.settleUnusedAxes(given)
    try specification.checkTraining(given)
    try specification.checkTrialCount(at: .file(file))
    try specification.checkFigures(given)
    return specification
  }

  private mutating func setDefault(
    of key: SpecificationKey, file: String, taskFiles: TaskFilePolicy
  ) throws(SpecificationError) {
    guard let text = key.specialDefault(self) ?? key.defaultText,
      let node = try YAMLSource(text, at: .file(file)).root()
    else {
      throw SpecificationError(
        .missingKey, at: .file(file), key: key.rawValue, "key '\(key.rawValue)' is missing",
        allowed: key.allowed)
    }
    try key.read(SpecificationKey.Given(name: key.rawValue, node: node, taskFiles: taskFiles), &self)
  }

  /// Whether the loss is the task's own: of every task to be learned, and of a text in training.
  var hasTaskLoss: Bool { task.identity.decidesSizes && (task.kind != .text || trains) }

  /// Throws for a loss that does not go with the task.
  private func checkLoss(_ given: GivenKeys) throws(SpecificationError) {
    guard let entry = given[Axis.loss.key] else { return }
    func check(
      _ isFitting: (LossKind) -> Bool, _ problem: (LossKind) -> String
    ) throws(SpecificationError) {
      guard let loss = values(of: .loss, \.loss).first(where: { !isFitting($0) }) else { return }
      throw SpecificationError(
        .contradiction, at: entry.place, key: entry.name, value: loss.rawValue,
        "\(entry.name): \(problem(loss))",
        allowed: LossKind.ofTrials.filter(isFitting).map(\.rawValue).joined(separator: ", "))
    }
    let place =
      trains
      ? "training, which uses the task's own loss" : "the task \(task.kind.name), which has its own loss"
    try check({ $0.isOfTask == hasTaskLoss }) { loss in
      hasTaskLoss
        ? "'\(loss.rawValue)' cannot be used with \(place)"
        : "'task' requires a learnable task; \(task.kind.name) is not one"
    }
    guard task.kind == .text, !hasTaskLoss else { return }
    try check(\.needsClasses) {
      "'\($0.rawValue)' cannot be used with a text task, whose targets are symbols"
    }
  }

  /// Empties the axes that no trial uses, so that specifications of the same trials are equal, and throws for those that
  /// are given nevertheless.
  ///
  /// A file may contain keys that an override makes unusable: such keys are ignored.
  private mutating func settleUnusedAxes(_ given: GivenKeys) throws(SpecificationError) {
    let causes = given.filter { $0.value.place.isCommandLine }
    for axis in Axis.all {
      guard let disuse = axis.disuse(self) else { continue }
      let stated = self[axis].texts
      if let only = disuse.only, let node = try YAMLSource(only, at: .file("")).root() {
        try axis.key.read(
          SpecificationKey.Given(
            name: axis.key.rawValue, node: node,
            taskFiles: TaskFilePolicy(specification: "", trustsStatedHash: true)),
          &self)
      } else {
        self[axis] = AxisValues()
      }
      guard let entry = given[axis.key], let problem = disuse.problem, stated != disuse.only.map({ [$0] })
      else {
        continue
      }
      let isForgiven = !entry.place.isCommandLine && causes.keys.contains { $0.rawValue == disuse.cause }
      guard isForgiven else { throw entry.keyError(.contradiction, "\(entry.name) \(problem)") }
    }
  }
}
