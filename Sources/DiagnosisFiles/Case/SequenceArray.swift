import GradientFlow

/// Inputs of a model from an `.npy` file, brought to [T, B, I].
struct SequenceArray {
  package let values: [Double]
  package let steps, batch: Int

  /// - Parameter width: I of the model.
  package init(path: String, batchFirst: Bool, width: Int) throws {
    let array = try NPYFile(contentsOf: path).array
    let shape = array.shape
    let expected = batchFirst ? "[B, T, \(width)]" : "[T, B, \(width)]"
    guard shape.count == 3 || shape.count == 2, shape.last == width, shape.allSatisfy({ $0 > 0 }) else {
      throw CaseError(
        .malformed, place: path,
        problem: "has shape \(shape); the model expects \(expected), or [T, \(width)] for one sequence")
    }
    let first = shape.count == 2 ? (shape[0], 1) : (shape[0], shape[1])
    let isBatchFirst = batchFirst && shape.count == 3
    (steps, batch) = isBatchFirst ? (first.1, first.0) : first
    let found = try CheckedArray(place: path, array: array, sizes: .ofModel).doubles(shape: shape)
    values = isBatchFirst ? transposed(found, rows: batch, columns: steps, width: width) : found
  }
}

extension CheckedArray {
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
