import LinearAlgebra

/// Matrices that any program can make again: x ← (1103515245 x + 12345) mod 2³¹ before every entry, row after row,
/// and the entry is ((x >> 16) mod 201 − 100)/64, which is exact in double.
struct CongruentialMatrices {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// The next one [n, n]; entry (i, j) is multiplied by 2^power(i, j), or 0 where there is none.
  mutating func next(_ n: Int, power: (Int, Int) -> Int? = { _, _ in 0 }) -> Matrix<Double> {
    var matrix = Matrix<Double>(rows: n, columns: n)
    for i in 0..<n {
      for j in 0..<n {
        state = (1_103_515_245 * state + 12345) % (1 << 31)
        let entry = (Double((state >> 16) % 201) - 100) / 64
        matrix[i, j] = power(i, j).map { entry * powerOfTwo($0) } ?? 0
      }
    }
    return matrix
  }
}

extension Matrix<Double> {
  /// Each of `count` rows of `vectors` becomes this matrix times it.
  func apply(to vectors: UnsafeMutablePointer<Double>, count: Int) {
    for j in 0..<count {
      let vector = vectors + j * columns
      let image = (0..<rows).map { i in (0..<columns).reduce(0) { $0 + self[i, $1] * vector[$1] } }
      for i in 0..<rows { vector[i] = image[i] }
    }
  }

  /// A diagonal matrix.
  static func diagonal(_ entries: [Double]) -> Matrix {
    var matrix = Matrix(rows: entries.count, columns: entries.count)
    for (i, entry) in entries.enumerated() { matrix[i, i] = entry }
    return matrix
  }

  /// The matrix product.
  static func product(_ a: Matrix, _ b: Matrix) -> Matrix {
    var c = Matrix(rows: a.rows, columns: b.columns)
    for i in 0..<a.rows {
      for j in 0..<b.columns {
        c[i, j] = (0..<a.columns).reduce(0) { $0 + a[i, $1] * b[$1, j] }
      }
    }
    return c
  }

  /// The transpose.
  var transposed: Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for i in 0..<rows { for j in 0..<columns { result[j, i] = self[i, j] } }
    return result
  }
}
