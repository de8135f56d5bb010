import ArgumentParser

/// The arguments as the system has them: bytes, which Swift's strings hold only where they are UTF-8.
enum ArgumentText {
  /// Refuses an argument whose bytes would be replaced, so that a path is never taken for another one.
  ///
  /// - Throws: `ValidationError`.
  static func check() throws {
    for place in 1..<max(1, Int(CommandLine.argc)) {
      guard let bytes = CommandLine.unsafeArgv[place], String(validatingCString: bytes) == nil else {
        continue
      }
      throw ValidationError(
        "Argument \(place) is not UTF-8 text: '\(String(cString: bytes))'; rename the file or pass a link to it."
      )
    }
  }
}
