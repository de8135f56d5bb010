import Figures

/// Reports each figure that is drawn or omitted.
enum FigureReport {
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
