import GradientFlow
import TextFiles

/// The `weights.safetensors` of a case.
struct CaseWeights {
  package let path: String
  package let file: SafetensorsFile

  package init(_ path: String) throws(ModelFileError) {
    self.path = path
    file = try SafetensorsFile(contentsOf: path)
  }

  package subscript(name: String, shape: [Int]) -> [Double] {
    get throws {
      guard let array = file[name] else {
        throw CaseError(
          .malformed, place: path,
          problem: "has no tensor '\(name)'; it contains " + Excerpt.list(file.names))
      }
      return try CheckedArray(place: "\(path): \(name)", array: array, sizes: .ofCase).doubles(shape: shape)
    }
  }
}
