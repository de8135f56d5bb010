/// The lengths T_1 ≥ T_2 ≥ … ≥ T_B of the sequences of a batch.
///
/// Time is counted so that all of them end at the same step T, that of the longest: sequence b has the steps T − T_b + 1…T,
/// its own t-th of them being T − T_b + t, and its lag T − t is the same number in both counts. So its final state stands at
/// T, whatever its length, and what leaves T on the way back has gone through equally many steps in all of them.
///
///     t            1   2   3   4 = T
///     sequence 1   x   x   x   x
///     sequence 2       x   x   x        count(at: 2) = 2,  firstRow(of: 2) = 1
///     sequence 3           x   x        firstRow(of: 4) = 6,  rowCount = 9
///
/// Rows are packed: those of step t are of the sequences 1…count(at: t), which have one, and follow those of step t − 1.
public struct SequenceLengths: Sendable, Hashable {
  /// T_b, longest first [B].
  public let values: [Int]
  /// By step 0…T: how many sequences have it.
  @usableFromInline let counts: [Int]
  /// By step 0…T + 1: rows of the steps before it.
  @usableFromInline let firstRows: [Int]

  /// - Precondition: there is one at least, none is below 1, and none is longer than the one before it.
  /// - Complexity: O(T + B).
  public init(_ values: [Int]) {
    precondition(!values.isEmpty, "a batch has at least one sequence")
    precondition(values.allSatisfy { $0 >= 1 }, "a sequence has at least one step")
    precondition(zip(values, values.dropFirst()).allSatisfy(>=), "lengths come longest first")
    self.values = values
    let steps = values[0]
    var counts = [Int](repeating: 0, count: steps + 1)
    for length in values { counts[steps + 1 - length] += 1 }
    for t in stride(from: 1, through: steps, by: 1) { counts[t] += counts[t - 1] }
    self.counts = counts
    var firstRows = [0, 0]
    firstRows.reserveCapacity(steps + 2)
    for t in stride(from: 1, through: steps, by: 1) { firstRows.append(firstRows[t] + counts[t]) }
    self.firstRows = firstRows
  }

  /// T.
  public var steps: Int { values[0] }
  /// B.
  public var batch: Int { values.count }
  /// Σ_b T_b.
  public var rowCount: Int { firstRows[values[0] + 1] }
  /// Whether they are all the same.
  public var areEqual: Bool { values[0] == values[values.count - 1] }
  /// Of the sequences that have T steps.
  public var fullCount: Int { counts[1] }
}
