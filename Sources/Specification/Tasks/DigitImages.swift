import GradientFlow
import TextFiles

/// Images with their classes, as the task `digits` reads them from an NPZ file.
struct DigitImages {
  /// [N, P], scaled so that the largest magnitude is 1.
  private let images: [Float]
  private let labels: [Int]
  /// P.
  let pixelCount: Int
  /// Pixels of a row, where the file has images [N, rows, …]; nil where it has them as rows of P numbers.
  let width: Int?

  /// √P, if it is a whole number: pixels of a row of an image that is taken to be square.
  var squareWidth: Int? {
    let side = Int(Double(pixelCount).squareRoot().rounded())
    return side * side == pixelCount ? side : nil
  }

  /// - Throws: `ModelFileError` where images are no whole number of rows.
  func task(reading: SequentialDigits.Reading) throws(ModelFileError) -> SequentialDigits {
    if case .rows(let width) = reading, !pixelCount.isMultiple(of: width) {
      throw ModelFileError(
        .mismatch, place: "images", found: "\(pixelCount) pixels, which are no rows of \(width)",
        advice: "width must divide the number of pixels")
    }
    return SequentialDigits(
      images: images, labels: labels, classCount: (labels.max() ?? 0) + 1, reading: reading)
  }

  /// The file has an array of images, `images`, `x` or `x_train` [N, …], whose further dimensions are the pixels in the
  /// order they are read, and one of classes, `labels`, `y` or `y_train` [N], whole numbers from 0. Values are divided
  /// by the largest.
  ///
  /// - Throws: `ModelFileError`, also for invalid pixel values or classes.
  init(contentsOf path: String) throws(ModelFileError) {
    let file = try NPZFile(contentsOf: path)
    func array(_ names: [String]) throws(ModelFileError) -> NumericArray {
      guard let name = names.first(where: { file[$0] != nil }), let array = file[name] else {
        throw ModelFileError(
          .mismatch, file: path, found: "arrays \(Excerpt.list(file.names))",
          advice: "the file needs an array \(names.joined(separator: " or ")); save it with numpy.savez")
      }
      return array
    }
    let images = try array(["images", "x", "x_train"])
    let labels = try array(["labels", "y", "y_train"])
    let shape = images.shape
    guard shape.count >= 2, shape[0] >= 2, labels.shape == [shape[0]], !shape.contains(0) else {
      throw ModelFileError(
        .mismatch, file: path, found: "images of shape \(shape) with labels of shape \(labels.shape)",
        advice: "images must be [N, …] and labels [N], with N at least 2")
    }
    let classes = try Self.classes(labels)
    let values = images.doubles()
    if let k = values.firstIndex(where: { !$0.isFinite }) {
      let pixels = values.count / classes.count
      throw ModelFileError(
        .mismatch, place: "images, pixel \(k % pixels) of image \(k / pixels)", found: "\(values[k])",
        advice: "pixels must be finite numbers")
    }
    let largest = values.reduce(0) { max($0, $1.magnitude) }
    guard largest > 0 else {
      throw ModelFileError(
        .mismatch, place: "images", found: "only zeros", advice: "some pixel must differ from 0")
    }
    self.images = values.map { Float($0 / largest) }
    self.labels = classes
    pixelCount = values.count / classes.count
    width = shape.count > 2 ? pixelCount / shape[1] : nil
  }

  private static func classes(_ labels: NumericArray) throws(ModelFileError) -> [Int] {
    func error(_ place: String, _ found: String) -> ModelFileError {
      ModelFileError(
        .mismatch, place: "labels, \(place)", found: found, advice: "classes are whole numbers from 0 to 9999"
      )
    }
    let classes: [Int]
    do { classes = try labels.integers() } catch let problem {
      throw error(problem.place ?? "", problem.found)
    }
    if let k = classes.firstIndex(where: { !(0..<10_000).contains($0) }) {
      throw error("element [\(k)]", "class \(classes[k])")
    }
    return classes
  }
}
