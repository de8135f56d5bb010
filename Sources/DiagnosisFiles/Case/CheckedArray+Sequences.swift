import GradientFlow

extension CheckedArray {
  /// Inputs of a model, brought to [T, B, I].
  ///
  /// - Parameter width: I of the model.
  func sequences(
    batchFirst: Bool, width: Int
  ) throws(CaseError) -> (values: [Double], steps: Int, batch: Int) {
    let shape = array.shape
    let expected = batchFirst ? "[B, T, \(width)]" : "[T, B, \(width)]"
    guard shape.count == 3 || shape.count == 2, shape.last == width, shape.allSatisfy({ $0 > 0 }) else {
      throw CaseError(
        .malformed, place: place,
        problem: "has shape \(shape); the model expects \(expected), or [T, \(width)] for one sequence")
    }
    if shape.count == 2 { return (try doubles(shape: shape), shape[0], 1) }
    let (steps, batch) = batchFirst ? (shape[1], shape[0]) : (shape[0], shape[1])
    return (try timeMajor(steps, batch, width, batchFirst: batchFirst), steps, batch)
  }

  /// [T, B, O], from [B, T, O] if the batch is first.
  func timeMajor(_ steps: Int, _ batch: Int, _ width: Int, batchFirst: Bool) throws(CaseError) -> [Double] {
    guard batchFirst else { return try doubles(shape: [steps, batch, width]) }
    return transposed(
      try doubles(shape: [batch, steps, width]), rows: batch, columns: steps, width: width)
  }
}

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
