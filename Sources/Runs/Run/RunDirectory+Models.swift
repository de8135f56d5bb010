import Foundation
import GradientFlow
import TextFiles

extension RunDirectory {
  /// Copies trained models to another directory of the same run; what is there stays.
  ///
  /// - Throws: ``RunError``.
  func copyModels(to other: RunDirectory) throws(RunError) {
    let names = try namesInDirectory(models)
    if names.isEmpty { return }
    try makeDirectory(other.models)
    for name in names where name.hasSuffix(".safetensors") {
      let (from, to) = (PathName.joined(models, name), PathName.joined(other.models, name))
      guard !FileManager.default.fileExists(atPath: to) else { continue }
      guard let bytes = RegularFile.beginning(of: from, limit: .max) else {
        throw .cannotWrite(path: to, problem: "\(from) cannot be read")
      }
      do { try AtomicFile.write(bytes, to: to) } catch { throw .cannotWrite(path: to, problem: error.found) }
    }
  }
}
