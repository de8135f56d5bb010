/// [columns, rows, width] from [rows, columns, width].
package func transposed<Number>(_ values: [Number], rows: Int, columns: Int, width: Int) -> [Number] {
  var result: [Number] = []
  result.reserveCapacity(values.count)
  for column in 0..<columns {
    for row in 0..<rows {
      let first = (row * columns + column) * width
      result += values[first..<first + width]
    }
  }
  return result
}
