import CGnuplotIostream
import Foundation
import GradientFlow

/// Writing a script through gnuplot-iostream.
public enum ScriptFile {
  /// Writes a script beside its final name and gives it its name when it is whole.
  ///
  /// - Throws: ``FigureError/cannotWrite(path:problem:)``, `ModelFileError` of kind `cannotWrite`.
  public static func write(_ script: String, to path: String) throws {
    let file = try StagedFile(for: path)
    var attempts = 0
    while let failure = stream(script, to: PathName.explicit(file.path)) {
      attempts += 1
      // The stream neither goes on after a signal nor after a part that was written.
      let goesOn = failure.number == EINTR || (failure.number == 0 && attempts < 3)
      guard !goesOn || attempts > 1000 else { continue }
      throw FigureError.cannotWrite(path: path, problem: failure.problem)
    }
    try file.publish()
  }

  /// - Returns: what went wrong; nil if nothing did.
  private static func stream(_ script: String, to file: String) -> (number: Int32, problem: String)? {
    var handle: OpaquePointer?
    var status = gnuplot_script_open(file, &handle)
    defer { gnuplot_script_free(handle) }
    if status == GNUPLOT_SCRIPT_OK {
      var text = script
      status = text.withUTF8 { bytes in
        bytes.withMemoryRebound(to: CChar.self) {
          gnuplot_script_write(handle, $0.baseAddress, $0.count)
        }
      }
    }
    if status == GNUPLOT_SCRIPT_OK { status = gnuplot_script_close(handle) }
    return status == GNUPLOT_SCRIPT_OK
      ? nil : (gnuplot_script_error_number(handle), String(cString: gnuplot_script_error(handle)))
  }
}
