import GradientFlow
import TextFiles

/// A text file that is written whole, or not at all.
enum WrittenText {
  /// - Throws: ``RunError/cannotWrite(path:problem:)``.
  static func write(_ text: String, to path: String) throws(RunError) {
    do throws(ModelFileError) { try AtomicFile.write(Array(text.utf8), to: path) } catch {
      throw .cannotWrite(path: path, problem: error.found)
    }
  }
}
