/// What a gnuplot can do.
public struct GnuplotInspection: Sendable {
  /// For example `gnuplot 5.4 patchlevel 4`.
  public let version: String
  /// Whether each image format can be made.
  public let formats: [(format: ImageFormat, isThere: Bool)]
}

extension GnuplotProcess {
  /// Asks gnuplot for its version and terminals.
  ///
  /// - Throws: ``FigureError/gnuplotMissing(command:scripts:)``.
  public func inspect() async throws -> GnuplotInspection {
    let version = try await execute(["--version"], script: "")
    let terminals = try await execute(["-d", "-e", "print GPVAL_TERMINALS"], script: "")
    let names = Set((terminals.messages + [terminals.output]).flatMap { $0.split(separator: " ") })
    func has(_ format: ImageFormat) -> Bool {
      switch format {
      case .svg: return names.contains("svg")
      case .png: return names.contains("pngcairo") || names.contains("png")
      case .pdf: return names.contains("pdfcairo")
      }
    }
    return GnuplotInspection(
      version: version.output.split(separator: "\n").first.map(String.init) ?? "unknown version",
      formats: ImageFormat.allCases.map { ($0, has($0)) })
  }
}
