/// The order of coordinates by size in which Householder's method is exact row by row.
///
/// A reflection mixes every coordinate with the first one that is left. Taken from large to small, a coordinate of 1e−20
/// meets only numbers that are not smaller, and keeps digits of its own size; an exact zero stays one.
///
/// - Note: Source: Higham, "QR factorization with complete pivoting and accurate computation of the SVD",
///   Linear Algebra Appl. 309 (2000) 153.
struct CoordinateOrder: ~Copyable {
  private let dimension: Int
  /// max_j |q_j[i]|; then, in the new order, √Σ_{l ≥ i} of their squares.
  private let sizes: AlignedBuffer<Double>
  /// order[i]: the coordinate that stands at place i.
  private let order: AlignedBuffer<Int>
  private let row: AlignedBuffer<Double>
  /// Whether the last rows needed another order.
  private(set) var isReordered = false

  init(dimension: Int) {
    self.dimension = dimension
    sizes = AlignedBuffer(count: dimension)
    order = AlignedBuffer(count: dimension)
    row = AlignedBuffer(count: dimension)
  }
}

extension CoordinateOrder {
  /// Measures the coordinates of rows [rows, n] whose norms are near 1.
  ///
  /// - Complexity: O(n · rows), O(n log n) more where an order is needed; no allocation.
  mutating func arrange(_ rows: UnsafePointer<Double>, rows count: Int) {
    let size = sizes.base
    for i in 0..<dimension { size[i] = 0 }
    for j in 0..<count {
      let vector = rows + j * dimension
      for i in 0..<dimension { size[i] = max(size[i], vector[i].magnitude) }
    }
    var (smallest, largest) = (Double.infinity, 0.0)
    for i in 0..<dimension {
      smallest = min(smallest, size[i])
      largest = max(largest, size[i])
    }
    // Beyond six digits; and only where there is an order at all, which NaN has not.
    isReordered = smallest < largest * 0x1p-20
    if isReordered { sort() }
  }

  /// The size of what is left of a vector from place i on, at most.
  func remainderSize(from place: Int) -> Double { isReordered ? sizes.base[place] : .infinity }

  private mutating func sort() {
    let (size, place) = (sizes.base, order.base)
    for i in 0..<dimension { place[i] = i }
    // Shell's method: in place, where the library's may ask for memory.
    var gap = dimension
    while gap > 1 {
      gap = max(1, gap * 5 / 11)
      for i in gap..<dimension {
        let moved = place[i]
        var hole = i
        while hole >= gap && size[moved] > size[place[hole - gap]] {
          place[hole] = place[hole - gap]
          hole -= gap
        }
        place[hole] = moved
      }
    }
    for i in 0..<dimension { row.base[i] = size[place[i]] }
    var squares = 0.0
    for i in stride(from: dimension - 1, through: 0, by: -1) {
      // The squares of very small sizes vanish; the sizes themselves do not.
      squares += row.base[i] * row.base[i]
      size[i] = max(squares.squareRoot(), row.base[i])
    }
  }

  /// Every row to the new order.
  func apply(_ rows: UnsafeMutablePointer<Double>, rows count: Int) {
    for j in 0..<count {
      let vector = rows + j * dimension
      for i in 0..<dimension { row.base[i] = vector[order.base[i]] }
      vector.update(from: row.base, count: dimension)
    }
  }

  /// Every row back.
  func undo(_ rows: UnsafeMutablePointer<Double>, rows count: Int) {
    for j in 0..<count {
      let vector = rows + j * dimension
      for i in 0..<dimension { row.base[order.base[i]] = vector[i] }
      vector.update(from: row.base, count: dimension)
    }
  }
}
