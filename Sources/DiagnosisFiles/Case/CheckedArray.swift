import GradientFlow

/// An array from a file, checked for shape and finiteness when it is read out.
struct CheckedArray {
  /// What its shape has to agree with.
  package enum Sizes: String {
    case ofCase = "the sizes of case.json"
    case ofModel = "the model and its inputs"
    case ofCapture = "update.json"
  }

  /// The file, and its place in it.
  package let place: String
  package let array: NumericArray
  package let sizes: Sizes

}

extension CheckedArray {
  /// Of an `.npy` file.
  init(path: String, sizes: Sizes) throws(ModelFileError) {
    self.init(place: path, array: try NPYFile(contentsOf: path).array, sizes: sizes)
  }

  package func doubles(shape: [Int]) throws(CaseError) -> [Double] {
    try check(shape)
    let values = array.doubles()
    if let k = values.firstIndex(where: { !$0.isFinite }) {
      throw CaseError(
        .notFinite, place: place,
        problem: "element \(k) (row-major) is \(values[k]); "
          + (sizes == .ofCapture
            ? "the program had left the range there: capture an earlier update"
            : "inputs, targets and weights must be finite"))
    }
    return values
  }

  /// Classes, or what else is numbered from 0.
  ///
  /// - Parameters:
  ///   - what: what they are, and what has them.
  ///   - ignored: a number that stands for no class.
  package func classes(
    shape: [Int], count: Int, what: (name: String, owner: String) = ("class", "the readout has classes"),
    ignored: Int? = nil
  ) throws -> [Int] {
    try check(shape)
    let values = try ModelFileError.locating(file: place, try array.integers())
    if let k = values.firstIndex(where: { !(0..<count).contains($0) && $0 != ignored }) {
      throw CaseError(
        .malformed, place: place,
        problem: "element \(k) (row-major) is \(what.name) \(values[k]); \(what.owner) 0…\(count - 1)"
          + (ignored == nil || values[k] >= 0
            ? "" : "; targets that take no part are \(ignored ?? 0) (--ignore-index \(values[k]) for these)"))
    }
    return values
  }

  private func check(_ shape: [Int]) throws(CaseError) {
    guard array.shape == shape else {
      throw CaseError(
        .malformed, place: place,
        problem: "has shape \(array.shape), must have \(shape) by \(sizes.rawValue)")
    }
  }
}
