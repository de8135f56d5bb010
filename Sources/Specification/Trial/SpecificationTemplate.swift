import TextFiles

/// The specification to start from: every key with its default, meaning and allowed values.
public enum SpecificationTemplate {
  /// YAML text that parses to the specification of a sweep with only a name.
  ///
  /// - Parameters:
  ///   - name: the sweep's name: letters, digits, '-', '_', '.', not starting with '.'.
  ///   - trains: whether it is one that trains networks, on the temporal order task.
  public static func text(name: String = "sweep", trains: Bool = false) -> String {
    let keys = SpecificationKey.allCases.map { key in
      let comments =
        [key.summary, "Allowed: \(key.allowed)."].flatMap { wrapped($0) }
        + (key.aliases.isEmpty
          ? [] : ["# Also \(key.aliases.map { "'\($0)'" }.joined(separator: " or "))."])
      let value = (trains ? trainingValue(key) : nil) ?? key.defaultText ?? YAMLText.of(name)
      // What is for training, or what the task decides, is ready to be used and out of the way.
      let isAside = trains ? Self.asideInTraining.contains { $0.key == key } : key.isForTraining
      let line = "\(isAside ? "# " : "")\(key.rawValue): \(value)"
      return (comments + [line]).joined(separator: "\n") + "\n"
    }
    return ([introduction] + keys).joined(separator: "\n")
  }

  /// What the task decides, or does not go with training.
  private static let asideInTraining: [Axis] = [
    .inputSize, .readoutSize, .loss, .initialStateScale, .washout, .embeddingSize, .tiesReadout,
  ]

  /// What is given where networks are trained.
  private static func trainingValue(_ key: SpecificationKey) -> String? {
    switch key {
    case .task: return "{kind: temporal-order}"
    case .iterations: return "10000"
    case Axis.clip.key: return "[none, {global-norm: 1}]"
    default: return nil
    }
  }

  private static let introduction = """
    # A sweep: one trial for every combination of the values below and every seed.
    # Every key but name is optional; the values below are the defaults.
    # To train networks, choose a learnable task, set iterations, and uncomment the keys after them.
    # Most keys are axes, which accept
    #   one value    spectral_radius: 1.1
    #   a list       spectral_radius: [0.9, 1, 1.1]
    #   a range      spectral_radius: {from: 0.5, to: 1.5, step: 0.1}
    #                sequence_length: {from: 10, to: 1000, count: 5, scale: log}

    """

  /// Comment lines of at most `width` columns.
  private static func wrapped(_ text: String, width: Int = 90) -> [String] {
    var lines: [String] = []
    var line = "#"
    for word in text.split(separator: " ") {
      if line.count + 1 + word.count > width {
        lines.append(line)
        line = "#  "
      }
      line += " \(word)"
    }
    return lines + [line]
  }
}
