import GradientFlow
import TextFiles

/// Images with their classes, as the task `digits` reads them from an NPZ file.
///
/// The file has an array of images, `images`, `x` or `x_train` [N, …], whose further dimensions are the pixels in the
/// order they are read, and one of classes, `labels`, `y` or `y_train` [N], whole numbers from 0. Values are divided by
/// the largest.
struct DigitImages: Sendable {
  /// N and P.
  package let count, pixels: Int
  private let images, labels: NumericArray

  /// - Throws: `ModelFileError`.
  package init(contentsOf path: String) throws(ModelFileError) {
    let file = try NPZFile(contentsOf: path)
    func array(_ names: [String]) throws(ModelFileError) -> NumericArray {
      guard let name = names.first(where: { file[$0] != nil }), let array = file[name] else {
        throw ModelFileError(
          .mismatch, file: path, found: "arrays \(Excerpt.list(file.names))",
          advice: "the file needs an array \(names.joined(separator: " or ")); save it with numpy.savez")
      }
      return array
    }
    images = try array(["images", "x", "x_train"])
    labels = try array(["labels", "y", "y_train"])
    let shape = images.shape
    guard shape.count >= 2, shape[0] >= 2, labels.shape == [shape[0]], !shape.contains(0) else {
      throw ModelFileError(
        .mismatch, file: path, found: "images of shape \(shape) with labels of shape \(labels.shape)",
        advice: "images must be [N, …] and labels [N], with N at least 2")
    }
    count = shape[0]
    pixels = shape.dropFirst().reduce(1, *)
  }

  /// The task.
  ///
  /// - Throws: `ModelFileError` for invalid pixel values or classes.
  package func task() throws(ModelFileError) -> SequentialDigits {
    let classes: [Int]
    do {
      classes = try labels.integers()
    } catch {
      throw ModelFileError(
        .mismatch, place: "labels, \(error.place ?? "")", found: error.found,
        advice: "classes are whole numbers from 0 to 9999")
    }
    if let k = classes.firstIndex(where: { !(0..<10_000).contains($0) }) {
      throw ModelFileError(
        .mismatch, place: "labels, element [\(k)]", found: "class \(classes[k])",
        advice: "classes are whole numbers from 0 to 9999")
    }
    let greatest = classes.max() ?? 0
    let values = images.doubles()
    if let k = values.firstIndex(where: { !$0.isFinite }) {
      throw ModelFileError(
        .mismatch, place: "images, pixel \(k % pixels) of image \(k / pixels)", found: "\(values[k])",
        advice: "pixels must be finite numbers")
    }
    let largest = values.reduce(0) { max($0, $1.magnitude) }
    guard largest > 0 else {
      throw ModelFileError(
        .mismatch, place: "images", found: "only zeros", advice: "some pixel must differ from 0")
    }
    return SequentialDigits(
      images: values.map { Float($0 / largest) }, labels: classes, classCount: greatest + 1)
  }
}
