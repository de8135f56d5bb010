import LanguageDiagnostics
import LinearAlgebra
import Testing

@Suite("Area under the ROC curve")
struct RankAUCTests {
  @Test func closedForms() {
    let cases: [([Float], [Bool], Double)] = [
      ([1, 2, 3, 4], [false, false, true, true], 1),
      ([1, 2, 3, 4], [true, true, false, false], 0),
      ([1, 2, 3, 4], [true, false, false, true], 0.5),
      ([5, 5, 5], [true, false, true], 0.5),
      // Of the six pairs two are in order, one is tied.
      ([1, 2, 2, 3, 0], [true, false, true, false, false], 2.5 / 6),
      ([-0.0, 0.0], [true, false], 0.5),
      (
        [-.infinity, -.leastNonzeroMagnitude, .leastNonzeroMagnitude, .infinity], [false, true, false, true],
        0.75
      ),
      ([-2, -1, -3], [true, false, false], 0.5),
    ]
    for (values, labels, expected) in cases {
      #expect(rankAUC(values: values, labels: labels) == expected, "\(values)")
    }
  }

  @Test func withoutBothLabelsThereIsNone() {
    #expect(rankAUC(values: [], labels: []) == nil)
    #expect(rankAUC(values: [1, 2], labels: [true, true]) == nil)
    #expect(rankAUC(values: [1, 2], labels: [false, false]) == nil)
  }

  // By its definition: the share of pairs in order, ties half.
  @Test(arguments: [1, 2, 5, 1000]) func matchesTheCountOfPairs(levels: Int) {
    var stream = RandomStream(rootSeed: 7, trialSeed: UInt64(levels), purpose: .other(0))
    let values = (0..<300).map { _ in Float(stream.integer(below: levels)) / 7 - 20 }
    let labels = (0..<300).map { _ in stream.uniform() < 0.3 }
    var (pairs, inOrder) = (0.0, 0.0)
    for (x, isYes) in zip(values, labels) where isYes {
      for (y, other) in zip(values, labels) where !other {
        pairs += 1
        inOrder += x > y ? 1 : x == y ? 0.5 : 0
      }
    }
    let auc = rankAUC(values: values, labels: labels) ?? .nan
    #expect((auc - inOrder / pairs).magnitude < 1e-14)
    let reversed = rankAUC(values: values.map { -$0 }, labels: labels) ?? .nan
    #expect((auc + reversed - 1).magnitude < 1e-14)
  }
}
