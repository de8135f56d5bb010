import ArgumentParser
import Figures
import Foundation

/// What a figure becomes: images, or text for the terminal.
enum PlotFormat: String, CaseIterable, ExpressibleByArgument {
  case svg, png, pdf, text
  /// What text was called when gnuplot drew it.
  case dumb

  static var allValueStrings: [String] { allCases.filter { $0 != .dumb }.map(\.rawValue) }

  /// The image; nil for text.
  var image: ImageFormat? { ImageFormat(rawValue: rawValue) }
}

/// Formats, separated by commas.
struct PlotFormats: ExpressibleByArgument {
  let formats: [PlotFormat]

  init?(argument: String) {
    let found = argument.split(separator: ",", omittingEmptySubsequences: false).map {
      PlotFormat(rawValue: $0.trimmingCharacters(in: .whitespaces))
    }
    formats = found.compactMap { $0 }
    if found.isEmpty || formats.count < found.count { return nil }
  }

  static var allValueStrings: [String] { PlotFormat.allValueStrings }
}

/// The formats that a command draws figures in.
struct FormatOptions: ParsableArguments {
  @Option(
    name: .customLong("format"),
    help: ArgumentHelp(
      "Image formats, as in svg,png,pdf; text prints in the terminal. Default: svg,png.", valueName: "formats"
    ))
  var lists: [PlotFormats] = []

  var formats: [PlotFormat] { lists.flatMap(\.formats) }

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
