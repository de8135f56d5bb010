/// What modified Kneser–Ney smoothing takes off the counts of one order.
///
///     Y = n₁ / (n₁ + 2 n₂)
///     D_j = j − (j + 1) Y n_{j+1} / n_j    for j = 1, 2 and 3, which is for all counts from 3 on
///
/// n_j: how many n-grams of the order have count j. Where a D_j is not in (0, j], or n₁, n₂ or n₃ is 0, the
/// order's discounts are ½, 1 and 3/2: small texts, orders whose n-grams all occur often, texts that repeat
/// themselves.
///
/// - Note: Source: Chen & Goodman, Computer Speech and Language 13 (1999) 359, equation 17; in the technical
///   report TR-10-98, Harvard, equation 26. The fall-back is the one of Heafield et al., ACL 2013 (KenLM).
struct KneserNeyDiscounts: Equatable {
  /// D₁, D₂ and D₃₊.
  let amounts: (Double, Double, Double)

  init(_ tally: CountTally) {
    let n = (1...4).map { Double(tally[$0]) }
    let y = n[0] / (n[0] + 2 * n[1])
    let estimated = (1...3).map { j in Double(j) - Double(j + 1) * y * n[j] / n[j - 1] }
    // What is divided by zero is no number and is in no range.
    let isUsable = (1...3).allSatisfy {
      n[$0 - 1] > 0 && estimated[$0 - 1] > 0 && estimated[$0 - 1] <= Double($0)
    }
    amounts = isUsable ? (estimated[0], estimated[1], estimated[2]) : (0.5, 1, 1.5)
  }

  /// D(c); 0 for c = 0.
  @inline(__always)
  subscript(count: Int32) -> Double {
    switch count {
    case 0: return 0
    case 1: return amounts.0
    case 2: return amounts.1
    default: return amounts.2
    }
  }

  static func == (a: Self, b: Self) -> Bool { a.amounts == b.amounts }
}

/// Counts of counts: how many n-grams of an order have count 1, 2, 3, 4 or more.
struct CountTally {
  private var numbers: (Int, Int, Int, Int) = (0, 0, 0, 0)

  /// n_j for j in 1...4.
  subscript(count: Int) -> Int {
    switch count {
    case 1: return numbers.0
    case 2: return numbers.1
    case 3: return numbers.2
    default: return numbers.3
    }
  }

  /// One more n-gram with a count above 0.
  @inline(__always)
  mutating func add(_ count: Int32) {
    switch count {
    case 1: numbers.0 &+= 1
    case 2: numbers.1 &+= 1
    case 3: numbers.2 &+= 1
    case 4: numbers.3 &+= 1
    default: break
    }
  }
}
