import Foundation
import GradientFlow

extension RunDirectory {
  /// Copies trained models to another directory of the same run; what is there stays.
  ///
  /// - Throws: ``RunError``.
  func copyModels(to other: RunDirectory) throws(RunError) {
    let names = try namesInDirectory(models)
    if names.isEmpty { return }
    try makeDirectory(other.models)
    for name in names.sorted() where name.hasSuffix(".safetensors") {
      let (from, to) =
        (
          (models as NSString).appendingPathComponent(name),
          (other.models as NSString).appendingPathComponent(name)
        )
      guard !FileManager.default.fileExists(atPath: to) else { continue }
      // Aside, then renamed: no reader sees half of it.
      let aside = to + ".\(ProcessInfo.processInfo.processIdentifier).tmp"
      var code = FileCopy.copy(from, to: aside, permissions: 0o666, isSynced: true)
      if code == 0 { code = AtomicFile.publish(aside, as: to) }
      guard code == 0 else {
        unlink(aside)
        throw .writing(to, code)
      }
    }
  }
}
