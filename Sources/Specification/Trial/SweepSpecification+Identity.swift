import TextFiles

extension SweepSpecification {
  /// What a run is known by, whatever it is called, wherever its text lies and whichever figures are drawn of it: the
  /// first 12 hexadecimal digits of SHA-256 over its other keys in their normalised form.
  public var id: String {
    let keys = SpecificationKey.allCases.filter { $0.decidesTrials && $0 != .name && $0 != .task }
    let lines = ["task: \(task.identity.json)\n"] + keys.compactMap(normalisedLine)
    return SHA256.hash(Array(lines.joined().utf8)).hexadecimal(12)
  }
}
