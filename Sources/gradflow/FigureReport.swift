import Experiments
import Figures

/// Says which figures there are, and of each whether it is drawn or omitted.
enum FigureReport {
  /// An entry in the list of a command's help.
  static func entry(_ name: String, _ question: String) -> String {
    WrappedText.paragraph("  \(name): \(question)", indent: "    ", width: 80)
  }

  static func say<Name: RawRepresentable<String>>(_ outcome: FigureOutcome<Name>) {
    switch outcome {
    case .written(_, let files, let warnings):
      Terminal.say(files.last ?? "")
      for warning in warnings { Terminal.say("  gnuplot warning: \(warning)") }
    case .omitted(let name, let reason):
      Terminal.say("figure not drawn: '\(name.rawValue)': \(reason)")
    }
  }
}
