/// Finds the name that was probably meant.
///
/// - Note: The distance is Damerau's with adjacent transpositions (optimal string alignment):
///   insertions, deletions, replacements and swaps of neighbours count 1 each.
package enum NearestName {
  /// The nearest of `names`, or nil when none is near. Near is a third of the name's letters but
  /// at least 2, or 1 for names of up to three letters.
  package static func of(_ text: String, among names: [String]) -> String? {
    let written = Array(text.lowercased().unicodeScalars.prefix(64))
    guard !written.isEmpty else { return nil }
    var best: (name: String, distance: Int)?
    for name in names {
      let candidate = Array(name.unicodeScalars)
      let limit = candidate.count <= 3 ? 1 : max(2, candidate.count / 3)
      let distance = distance(written, candidate)
      if distance <= limit, distance < best?.distance ?? .max { best = (name, distance) }
    }
    return best?.name
  }

  /// Edits that turn `a` into `b`. O(a · b).
  package static func distance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      row.reserveCapacity(b.count + 1)
      for j in b.indices {
        var cost = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          cost = min(cost, beforeLast[j - 1] + 1)
        }
        row.append(cost)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}
