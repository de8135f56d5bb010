/// The area under the ROC curve of values that are to tell yes from no: the probability that a value with yes
/// exceeds one with no, ties counted half.
///
///     A = (R₊ − n₊ (n₊ + 1) / 2) / (n₊ n₋)
///
/// with R₊ the sum of the ranks of the values with yes, and the mean rank for values that are equal. 0.5
/// tells nothing, 0 everything with the sign turned. It does not depend on the units' scale, nor on how often
/// yes is.
///
/// - Parameters:
///   - values: any but NaN.
///   - labels: one for each value.
/// - Returns: nil where there is no yes or no no.
/// - Complexity: O(n log n).
/// - Note: Source: Mann & Whitney, Ann. Math. Stat. 18 (1947) 50; Hanley & McNeil, Radiology 143 (1982) 29.
public func rankAUC(values: [Float], labels: [Bool]) -> Double? {
  precondition(values.count == labels.count, "\(values.count) values have \(labels.count) labels")
  let positive = labels.count { $0 }
  let negative = labels.count - positive
  guard positive > 0, negative > 0 else { return nil }
  // A value and its label in one integer: integers sort faster than places by what is there.
  let sorted = zip(values, labels).map { UInt64($0.sortKey) << 1 | ($1 ? 1 : 0) }.sorted()
  // Twice the number of pairs that are in order, ties as one: whole numbers, so that nothing is rounded.
  var pairs = 0
  var below = 0
  var start = 0
  while start < sorted.count {
    var counts = (yes: 0, no: 0)
    var end = start
    while end < sorted.count, sorted[end] >> 1 == sorted[start] >> 1 {
      if sorted[end] & 1 == 1 { counts.yes += 1 } else { counts.no += 1 }
      end += 1
    }
    pairs += counts.yes * (2 * below + counts.no)
    below += counts.no
    start = end
  }
  return Double(pairs) / 2 / Double(positive) / Double(negative)
}

extension Float {
  /// An integer that sorts as the number does; −0 is 0.
  fileprivate var sortKey: UInt32 {
    precondition(!isNaN, "NaN has no rank")
    let bits = (self + 0).bitPattern
    return bits >> 31 == 1 ? ~bits : bits | 1 << 31
  }
}
