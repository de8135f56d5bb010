import Foundation

/// A library from a C source of the tests, to be preloaded into a program.
public struct Preload: Sendable {
  /// Of the library.
  public let path: String

  /// Compiles `Tests/Faults/NAME.c` to where the tests are; nil where there is no C compiler, or no preloading as on Linux.
  public init?(_ name: String) {
    #if os(Linux)
      let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Faults/\(name).c").path
      path = "\(BuiltProgram.folder)/lib\(name).so"
      // Another run of the tests may have it loaded.
      let compiled = try? Shell.run(
        "cc -std=gnu11 -O1 -shared -fPIC -Wall -o \"$1.$$\" \"$0\" -ldl && mv \"$1.$$\" \"$1\"",
        [source, path])
      guard compiled?.status == 0 else { return nil }
    #else
      return nil
    #endif
  }
}
