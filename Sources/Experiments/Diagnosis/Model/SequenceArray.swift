import GradientFlow

/// Inputs of a model from an `.npy` file, brought to [T, B, I].
struct SequenceArray {
  let values: [Double]
  let steps, batch: Int

  /// - Parameter width: I of the model.
  init(path: String, batchFirst: Bool, width: Int) throws {
    let array = try NPYFile(contentsOf: path).array
    let shape = array.shape
    let expected = batchFirst ? "[B, T, \(width)]" : "[T, B, \(width)]"
    guard shape.count == 3 || shape.count == 2, shape.last == width, shape.allSatisfy({ $0 > 0 }) else {
      throw CaseError(
        .malformed, place: path,
        problem: "has shape \(shape); the model reads \(expected), or [T, \(width)] for one sequence")
    }
    let first = shape.count == 2 ? (shape[0], 1) : (shape[0], shape[1])
    let isBatchFirst = batchFirst && shape.count == 3
    (steps, batch) = isBatchFirst ? (first.1, first.0) : first
    let found = try TargetArray(path: path, array: array).doubles(shape)
    values = isBatchFirst ? transposed(found, rows: batch, columns: steps, width: width) : found
  }
}

/// Targets or states of a model from an `.npy` file, checked for shape and finiteness when they are read out.
struct TargetArray {
  let path: String
  let array: NumericArray

  func doubles(_ shape: [Int]) throws(CaseError) -> [Double] {
    try check(shape)
    let values = array.doubles()
    if let k = values.firstIndex(where: { !$0.isFinite }) {
      throw CaseError(
        .malformed, place: path, problem: "element \(k) (row-major) is \(values[k]); numbers must be finite")
    }
    return values
  }

  /// [T, B, O], from [B, T, O] if the batch is first.
  func timeMajor(_ steps: Int, _ batch: Int, _ width: Int, batchFirst: Bool) throws(CaseError) -> [Double] {
    guard batchFirst else { return try doubles([steps, batch, width]) }
    return transposed(try doubles([batch, steps, width]), rows: batch, columns: steps, width: width)
  }

  func classes(_ shape: [Int], count: Int) throws -> [Int] {
    try check(shape)
    let values: [Int]
    do {
      values = try array.integers()
    } catch {
      throw error.located(file: path)
    }
    if let k = values.firstIndex(where: { !(0..<count).contains($0) }) {
      throw CaseError(
        .malformed, place: path,
        problem: "element \(k) (row-major) is class \(values[k]); the readout has classes 0…\(count - 1)")
    }
    return values
  }

  private func check(_ shape: [Int]) throws(CaseError) {
    guard array.shape == shape else {
      throw CaseError(
        .malformed, place: path,
        problem: "has shape \(array.shape), must have \(shape) by the model and its inputs")
    }
  }
}

/// [columns, rows, width] from [rows, columns, width].
func transposed<Number>(_ values: [Number], rows: Int, columns: Int, width: Int) -> [Number] {
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
