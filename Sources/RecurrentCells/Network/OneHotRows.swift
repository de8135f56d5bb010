import LinearAlgebra

/// Rows [n, width] with a 1 in one column each, and 0 elsewhere.
///
/// - Precondition: every column is in 0..<width.
/// - Complexity: O(n · width).
func oneHotRows<Element: Scalar>(_ columns: [Int], width: Int) -> [Element] {
  // Through `Element` each store would be a call: the loop is compiled for types that are known here. By way of
  // `Any` the array is cast as a whole; from one array type to another its elements would be, one by one.
  if Element.self == Float.self, let rows = filled(columns, width, Float.self) as Any as? [Element] {
    return rows
  }
  return Element.array(filled(columns, width, Double.self))
}

private func filled<Element: Scalar>(_ columns: [Int], _ width: Int, _ type: Element.Type) -> [Element] {
  var rows = [Element](repeating: 0, count: columns.count * width)
  for (row, column) in columns.enumerated() { rows[row * width + column] = 1 }
  return rows
}
