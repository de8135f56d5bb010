import Foundation

extension RunDirectory {
  /// Copies trained models to another directory of the same run; what is there stays.
  ///
  /// - Throws: ``RunError/cannotWrite(path:problem:)``.
  func copyModels(to other: RunDirectory) throws(RunError) {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: models), !names.isEmpty else {
      return
    }
    try makeDirectory(other.models)
    for name in names.sorted() where name.hasSuffix(".safetensors") {
      let (from, to) =
        (
          (models as NSString).appendingPathComponent(name),
          (other.models as NSString).appendingPathComponent(name)
        )
      guard !FileManager.default.fileExists(atPath: to) else { continue }
      do {
        // Aside, then renamed: no reader sees half of it.
        let aside = to + ".\(ProcessInfo.processInfo.processIdentifier).tmp"
        try FileManager.default.copyItem(atPath: from, toPath: aside)
        try FileManager.default.moveItem(atPath: aside, toPath: to)
      } catch {
        throw .cannotWrite(path: to, problem: error.localizedDescription)
      }
    }
  }
}
