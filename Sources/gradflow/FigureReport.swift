import Experiments
import Figures
import Foundation

/// Says which figures there are, and of each whether it is drawn or omitted.
enum FigureReport {
  /// An entry in the list of a command's help.
  static func entry(_ name: String, _ question: String) -> String {
    WrappedText.paragraph("  \(name): \(question)", indent: "    ", width: 80)
  }

  /// Prints figures as text, a screen each.
  ///
  /// - Returns: those that are omitted.
  static func print<Figures: FigureCollection>(_ figures: Figures) throws -> [Figures.Outcome] {
    // A line is left to the prompt.
    let drawn = try figures.text(
      columns: Terminal.width ?? 80, rows: (Terminal.height ?? 24) - 1, styled: Terminal.style(STDOUT_FILENO))
    Terminal.data(drawn.pages.map { $0.text + "\n" }.joined(separator: "\n"))
    return drawn.omitted
  }

  static func say<Name: RawRepresentable<String>>(_ outcome: FigureOutcome<Name>) {
    switch outcome {
    case .written(_, let files, let warnings):
      Terminal.say(files.last ?? "")
      for warning in warnings { Terminal.say("  warning: \(warning)") }
    case .writtenBeside(let kept, _, let files, let warnings):
      Terminal.say(kept.sentence(besides: files.last ?? ""))
      for warning in warnings { Terminal.say("  warning: \(warning)") }
    case .omitted(let name, let reason):
      Terminal.say("figure not drawn: '\(name.rawValue)': \(reason)")
    }
  }
}
