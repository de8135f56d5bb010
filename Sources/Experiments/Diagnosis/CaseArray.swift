import GradientFlow

/// An `.npy` file of a case, checked for shape and finiteness when it is read out.
struct CaseArray {
  let path: String
  let array: NumericArray

  init(_ path: String) throws(ModelFileError) {
    self.path = path
    array = try NPYFile(contentsOf: path).array
  }

  func doubles(shape: [Int]) throws -> [Double] {
    try finite(array, shape: shape, place: path)
  }

  func classes(shape: [Int], count: Int) throws -> [Int] {
    try check(array, shape: shape, place: path)
    let values: [Int]
    do {
      values = try array.integers()
    } catch {
      throw error.located(file: path)
    }
    if let k = values.firstIndex(where: { !(0..<count).contains($0) }) {
      throw CaseError(
        .malformed, place: path,
        problem: "element \(k) is class \(values[k]); the readout has classes 0…\(count - 1)")
    }
    return values
  }
}

/// The `weights.safetensors` of a case.
struct CaseWeights {
  let path: String
  let file: SafetensorsFile

  init(_ path: String) throws(ModelFileError) {
    self.path = path
    file = try SafetensorsFile(contentsOf: path)
  }

  subscript(name: String, shape: [Int]) -> [Double] {
    get throws {
      guard let array = file[name] else {
        throw CaseError(
          .malformed, place: path,
          problem: "there is no tensor '\(name)'; it has " + Excerpt.list(file.names))
      }
      return try finite(array, shape: shape, place: "\(path): \(name)")
    }
  }
}

private func check(_ array: NumericArray, shape: [Int], place: String) throws(CaseError) {
  guard array.shape == shape else {
    throw CaseError(
      .malformed, place: place,
      problem: "has shape \(array.shape), must have \(shape) by the sizes of case.json")
  }
}

private func finite(_ array: NumericArray, shape: [Int], place: String) throws -> [Double] {
  try check(array, shape: shape, place: place)
  let values = array.doubles()
  if let k = values.firstIndex(where: { !$0.isFinite }) {
    throw CaseError(
      .malformed, place: place,
      problem: "element \(k) (row-major) is \(values[k]); inputs, targets and weights must be finite")
  }
  return values
}
