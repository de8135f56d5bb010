import CGnuplotIostream
import GradientFlow

/// Writing a script through gnuplot-iostream.
public enum ScriptFile {
  /// Writes a script beside its final name and gives it its name when it is whole.
  ///
  /// - Throws: ``FigureError/cannotWrite(path:problem:)``, `ModelFileError` of kind `cannotWrite`.
  public static func write(_ script: String, to path: String) throws {
    let file = try StagedFile(for: path)
    try stream(script, to: PathName.explicit(file.path), named: path)
    try file.publish()
  }

  private static func stream(
    _ script: String, to file: String, named path: String
  ) throws(FigureError) {
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
    guard status == GNUPLOT_SCRIPT_OK else {
      throw .cannotWrite(path: path, problem: String(cString: gnuplot_script_error(handle)))
    }
  }
}
