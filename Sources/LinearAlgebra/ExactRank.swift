extension Matrix where Element == Double {
  /// The rank of the matrix as it stands, its entries taken as the exact binary fractions they are.
  ///
  /// Elimination modulo the prime 2⁶¹ − 1, which knows no rounding. What it finds is never too large; too small only where
  /// the prime divides all minors of full size by chance, about once in 10¹⁷ matrices.
  ///
  /// - Precondition: entries are finite.
  /// - Complexity: O(rows · columns · min(rows, columns)).
  public func exactRank() -> Int {
    var residues = values.map(Residue.init)
    var rank = 0
    for column in 0..<columns {
      guard let pivot = (rank..<rows).first(where: { residues[$0 * columns + column] != .zero }) else {
        continue
      }
      if pivot != rank {
        for k in 0..<columns { residues.swapAt(pivot * columns + k, rank * columns + k) }
      }
      let inverse = residues[rank * columns + column].inverse
      for row in rank + 1..<max(rank + 1, rows) where residues[row * columns + column] != .zero {
        let multiple = residues[row * columns + column] * inverse
        for k in column..<columns {
          residues[row * columns + k] = residues[row * columns + k] - multiple * residues[rank * columns + k]
        }
      }
      rank += 1
      if rank == rows { break }
    }
    return rank
  }
}

/// An integer modulo 2⁶¹ − 1.
private struct Residue: Equatable {
  static let prime: UInt64 = 1 << 61 - 1
  static let zero = Residue(value: 0)
  let value: UInt64

  private init(value: UInt64) { self.value = value }

  /// m 2^e with an integer m: 2⁶¹ is 1, so powers of two have a period of 61.
  init(_ number: Double) {
    guard number != 0 else {
      value = 0
      return
    }
    let exponent = Int(number.exponent) - 52
    let mantissa = UInt64(number.significand * 0x1p52)
    let power = ((exponent % 61) + 61) % 61
    let magnitude = Residue(value: mantissa) * Residue(value: 1 << UInt64(power))
    self = number < 0 ? Residue.zero - magnitude : magnitude
  }

  static func * (a: Residue, b: Residue) -> Residue {
    let product = a.value.multipliedFullWidth(by: b.value)
    // 2⁶¹ is 1: the upper and the lower 61 bits are added.
    let sum = (product.low & prime) + (product.high << 3 | product.low >> 61)
    return Residue(value: sum >= prime ? sum - prime : sum)
  }

  static func - (a: Residue, b: Residue) -> Residue {
    Residue(value: a.value >= b.value ? a.value - b.value : a.value + prime - b.value)
  }

  /// a^(p − 2), by Fermat.
  var inverse: Residue {
    var (result, base, power) = (Residue(value: 1), self, Residue.prime - 2)
    while power > 0 {
      if power & 1 == 1 { result = result * base }
      base = base * base
      power >>= 1
    }
    return result
  }
}
