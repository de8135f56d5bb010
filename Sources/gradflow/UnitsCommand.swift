import ArgumentParser
import Experiments
import Figures
import Foundation
import GradientFlow

struct UnitsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "units",
    abstract: "Find what the units of a character model keep: quotes, brackets, line position and more.",
    discussion: """
      Runs a text through a model and compares every unit of h, c and each gate with features that are computed from the \
      text: whether it is inside quotes, brackets, a comment, how far it is into the line, and others. A unit and a feature \
      are reported where r² exceeds what chance gives: the largest r² of any unit and feature under circular shifts of the \
      text against the units, and the largest r² of untrained networks of the same shape, which echo what they have just \
      read. Beside it stand the area under the ROC curve and how long the unit remembers.

        gradflow units runs/char-lm                             # on the test part of the run's text
        gradflow units runs/code --text data/swift-source.txt -o units
        gradflow units runs/code --update 0                     # as drawn: nothing is found
        gradflow units model.safetensors --vocabulary vocabulary.json --text new.txt

      Also counts how often a closing bracket or quote is foreseen, by the distance from the opening one, beside the best \
      n-gram (of the run's training text, or of --training).

      With -o: units.csv (a row per unit), associations.csv (a row per unit and feature), closing.csv, and figures of gate \
      saturation and of closing marks.
      """)

  @OptionGroup var model: LanguageOptions

  @Option(help: "A UTF-8 text that the model was not trained on.", completion: .file())
  var text: String?

  @Option(help: "The text for n-grams, where the model is from elsewhere.", completion: .file())
  var training: String?

  @Option(help: "Read so many characters at most.")
  var characters = 1_000_000

  @Option(help: "Circular shifts that chance is measured with: S for a level of 1/(S + 1).")
  var shifts = 19

  @Option(
    help:
      "Untrained networks of the same shape that must be exceeded, too: K for a level of 1/(K + 1); 0 for none."
  )
  var untrained = 19

  @Option(help: "Units to name for each feature.")
  var top = 3

  @Option(
    name: [.short, .long], help: "A folder for tables and figures: new, empty, or an earlier one.",
    completion: .directory)
  var output: String?

  @OptionGroup var formats: FormatOptions

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    for (name, value, least) in [
      ("characters", characters, 100), ("shifts", shifts, 4), ("top", top, 1), ("untrained", untrained, 0),
    ]
    where value < least {
      throw ValidationError("--\(name) \(value): allowed are whole numbers from \(least).")
    }
    try formats.check(besides: "-o", isOther: output != nil)
  }

  func run() async throws {
    try await ExitStatus.interruptible(output.map { [$0] } ?? []) {
      let files = try output.map { try UnitFiles($0) }
      let found = try model.read()
      let look = UnitLook(found, text: text, training: training, limit: characters)
      var options = UnitReportOptions()
      options.shifts = shifts
      options.untrainedNetworks = untrained
      let activity = ActivityLine(quiet: false)
      let findings = try look.findings(options) { activity.show($0) }
      activity.clear()
      let report = UnitReportText(findings.report, limit: top)
      if json {
        Terminal.data(report.json.text)
      } else {
        Terminal.data(report.text(width: Terminal.width))
        if let closing = findings.closing {
          let text = ClosingErrorsText(closing)
          if !text.isEmpty { Terminal.data("\n" + text.text(width: Terminal.width)) }
        }
      }
      guard let output, let files else {
        return Terminal.say("Next: gradflow view \(model.text), or -o FOLDER for tables and figures")
      }
      for path in try files.write(findings) { Terminal.say("Wrote \(path)") }
      let set = LanguageFigureSet(findings, directory: PathName.joined(output, "figures"))
      let images = formats.images
      _ = try await set.render(images) { FigureReport.say($0) }
      Terminal.say("Next: gradflow view \(model.text)")
    }
  }
}
