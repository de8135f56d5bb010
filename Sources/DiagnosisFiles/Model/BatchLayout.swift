import GradientFlow

/// Which of two axes of an array are the steps, and which the sequences of a batch.
public enum BatchLayout: String, Sendable, CaseIterable {
  /// [T, B, …], as PyTorch's default.
  case timeFirst
  /// [B, T, …].
  case batchFirst
}

/// The two leading extents of the inputs, and what else there is that tells which is which.
struct BatchExtents {
  /// The inputs' file.
  let place: String
  let first, second: Int
  /// Extents B of other arrays: `--targets`, `--lengths`, … with their numbers of sequences.
  var evidence: [(name: String, batch: Int)] = []

  /// The layout, and what tells it.
  ///
  /// - Throws: ``CaseError`` where nothing tells, or things contradict each other.
  func layout(given: BatchLayout?) throws(CaseError) -> (layout: BatchLayout, reason: String?) {
    if let given { return (given, nil) }
    var found: (layout: BatchLayout, name: String)?
    for (name, batch) in evidence where first != second {
      guard batch == first || batch == second else { continue }
      let layout: BatchLayout = batch == first ? .batchFirst : .timeFirst
      if let found, found.layout != layout {
        throw CaseError(
          .malformed, place: place,
          problem: "\(found.name) and \(name) say different numbers of sequences; "
            + "say which axis is which with --time-first or --batch-first")
      }
      found = found ?? (layout, name)
    }
    if let found { return (found.layout, "as the shape of \(found.name) says") }
    throw CaseError(
      .malformed, place: place,
      problem:
        "[\(first), \(second), …] may be T = \(first) steps of B = \(second) sequences, or B = \(first) "
        + "sequences of T = \(second) steps, and nothing else tells; say --time-first or --batch-first")
  }

  func steps(_ layout: BatchLayout) -> Int { layout == .timeFirst ? first : second }
  func batch(_ layout: BatchLayout) -> Int { layout == .timeFirst ? second : first }
}
