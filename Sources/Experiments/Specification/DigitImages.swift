import GradientFlow

/// Images with their classes, as the task `digits` reads them from an NPZ file.
///
/// The file has an array of images, `images`, `x` or `x_train` [N, …], whose further dimensions are the pixels in the
/// order they are read, and one of classes, `labels`, `y` or `y_train` [N], whole numbers from 0. Values are divided by
/// the largest.
struct DigitImages: Sendable {
  /// N and P.
  let count, pixels: Int
  private let images, labels: NumericArray

  /// - Throws: `ModelFileError`.
  init(contentsOf path: String) throws(ModelFileError) {
    let file = try NPZFile(contentsOf: path)
    func array(_ names: [String]) throws(ModelFileError) -> NumericArray {
      guard let name = names.first(where: { file[$0] != nil }), let array = file[name] else {
        throw ModelFileError(
          .mismatch, file: path, found: "arrays \(Excerpt.list(file.names))",
          advice: "an array \(names.joined(separator: " or ")) is needed; save it with numpy.savez")
      }
      return array
    }
    images = try array(["images", "x", "x_train"])
    labels = try array(["labels", "y", "y_train"])
    let shape = images.shape
    guard shape.count >= 2, shape[0] >= 2, labels.shape == [shape[0]], !shape.contains(0) else {
      throw ModelFileError(
        .mismatch, file: path, found: "images of shape \(shape) with labels of shape \(labels.shape)",
        advice: "images are [N, …] and labels [N], N at least 2")
    }
    count = shape[0]
    pixels = shape.dropFirst().reduce(1, *)
  }

  /// The task.
  ///
  /// - Throws: `ModelFileError` for values or classes that are none.
  func task() throws(ModelFileError) -> SequentialDigits {
    let classes = try labels.integers()
    guard let least = classes.min(), let greatest = classes.max(), least >= 0, greatest < 10_000 else {
      throw ModelFileError(
        .mismatch, place: "labels", found: "classes from \(classes.min() ?? 0) to \(classes.max() ?? 0)",
        advice: "classes are whole numbers from 0")
    }
    let values = images.doubles()
    let largest = values.reduce(0) { max($0, $1.magnitude) }
    guard values.allSatisfy(\.isFinite), largest > 0 else {
      throw ModelFileError(
        .mismatch, place: "images", found: "values that are all zero or not finite",
        advice: "pixels are finite numbers")
    }
    return SequentialDigits(
      images: values.map { Float($0 / largest) }, labels: classes, classCount: greatest + 1)
  }
}
