import ArgumentParser
import Figures

/// What a figure becomes: images, or text for the terminal.
enum PlotFormat: String, CaseIterable, ExpressibleByArgument {
  case svg, png, pdf, text
  /// What text was called when gnuplot drew it.
  case dumb

  static var allValueStrings: [String] { allCases.filter { $0 != .dumb }.map(\.rawValue) }

  /// The image; nil for text.
  var image: ImageFormat? { ImageFormat(rawValue: rawValue) }
}

/// The formats that a command draws figures in.
struct FormatOptions: ParsableArguments {
  @Option(
    name: .customLong("format"),
    help: "Image format, or text to print in the terminal; repeatable. Default: svg and png.")
  var formats: [PlotFormat] = []

  /// Whether figures are printed as text.
  var isText: Bool { formats == [.text] || formats == [.dumb] }

  var images: [ImageFormat] { formats.isEmpty ? [.svg, .png] : formats.compactMap(\.image) }

  /// Refuses text beside what else is written.
  func check(besides others: String = "other formats", isOther: Bool = false) throws {
    if formats.contains(where: { $0.image == nil }), !isText || isOther {
      throw ValidationError("--format text prints to the terminal; it cannot be combined with \(others).")
    }
  }
}
