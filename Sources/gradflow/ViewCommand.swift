import ArgumentParser
import Experiments
import Figures
import Foundation
import GradientFlow

struct ViewCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "view",
    abstract: "Show what a language model does on a text: units, and how far back each prediction looks.",
    discussion: """
      Writes one HTML file that needs no network: the text coloured by any unit's value; which earlier characters the loss \
      at a character depends on (‖∂L_s/∂x_t‖ and ‖∂L_s/∂h_t‖); the share of each step's loss in each earlier state; and a \
      slider over the models that a training has kept.

        gradflow view runs/char-lm                              # writes text-view.html
        gradflow view runs/char-lm --text new.txt --from 2000 --length 200 -o new.html

      In the terminal, with 256 colours or true colour, and with marks where NO_COLOR is set:
        gradflow view runs/char-lm --unit 1:c:37                # layer 1, c, unit 37; counted from 0
        gradflow view runs/char-lm --at 120                     # what the loss at step 120 depends on
      """)

  @OptionGroup var model: LanguageOptions

  @Option(
    help: "A UTF-8 text. Default: the test part of the text that the model was trained on.",
    completion: .file())
  var text: String?

  @Option(help: "The first character or word shown, from 1.")
  var from = 1

  @Option(help: "How many are shown.")
  var length: Int?

  @Option(help: ArgumentHelp("Colour the text by a unit's value.", valueName: "layer:quantity:unit"))
  var unit: String?

  @Option(help: "Colour the text by what the loss of this step depends on, counted from the first one shown.")
  var at: Int?

  @Option(name: [.short, .long], help: "The HTML file. Default: text-view.html.", completion: .file())
  var output: String?

  @Option(help: "Models that a training has kept to show, from the first to the last.")
  var checkpoints = 6

  private static let usualLength = 300, longest = 2000

  func validate() throws {
    if unit != nil, at != nil {
      throw ValidationError("--unit and --at colour the text in different ways; give one.")
    }
    if unit != nil || at != nil, output != nil {
      throw ValidationError("-o is for the HTML file; --unit and --at print in the terminal.")
    }
    guard from >= 1 else { throw ValidationError("--from \(from): allowed are whole numbers from 1.") }
    if let length, !(2...Self.longest).contains(length) {
      throw ValidationError("--length \(length): allowed are 2 to \(Self.longest).")
    }
    if let at, at < 1 { throw ValidationError("--at \(at): allowed are whole numbers from 1.") }
    guard checkpoints >= 1 else {
      throw ValidationError("--checkpoints \(checkpoints): allowed are whole numbers from 1.")
    }
  }

  func run() async throws {
    try await ExitStatus.interruptible {
      let found = try model.read()
      try found.requireTokens()
      let excerpt = try TextExcerpt(found, text: text, from: from, length: length ?? Self.usualLength)
      if let unit { return try printUnit(found, excerpt, try UnitName(argument: unit)) }
      if let at { return try printDependence(found, excerpt, at) }
      try writePage(found, excerpt)
    }
  }

  // MARK: - In the terminal

  private var width: Int { Terminal.width ?? 80 }

  private func printUnit(_ found: ReadLanguageModel, _ excerpt: TextExcerpt, _ name: UnitName) throws {
    let units = try found.model.converted(to: Float.self).unitValues(Array(excerpt.tokens.dropLast()))
    guard let values = units.first(where: { $0.name == name })?.values else {
      let groups = UnitGroup.all(
        layers: found.model.network.recurrent.layers.count, of: found.model.network.cell)
      throw ValidationError(
        "--unit \(unit ?? ""): the model has \(groups.map { "\($0.layer):\($0.quantity.symbol)" }.joined(separator: ", ")), "
          + "each with units 0 to \(found.model.network.recurrent.hiddenSize - 1).")
    }
    let isSigned = values.contains { $0 < 0 }
    let text = ColouredTokens(
      excerpt.words.dropLast(), values: values.map(Double.init), isSigned ? .diverging : .sequential,
      label: name.label, style: Terminal.style(STDOUT_FILENO))
    Terminal.data(text.text(width: width))
    Terminal.say("Next: gradflow units \(model.text), which finds what units keep")
  }

  private func printDependence(_ found: ReadLanguageModel, _ excerpt: TextExcerpt, _ step: Int) throws {
    let steps = excerpt.tokens.count - 1
    guard step <= steps else { throw ValidationError("--at \(step): the excerpt has steps 1 to \(steps).") }
    let gradients = try found.model.textGradients(excerpt.tokens, of: [step])
    let dependence = TextDependence(gradients, step: step)
    let words = excerpt.words
    let text = ColouredTokens(
      Array(words.prefix(step)), values: dependence.shares, .sequential,
      label: "‖∂L/∂x‖, share of the largest",
      chosen: step - 1, style: Terminal.style(STDOUT_FILENO))
    Terminal.data(text.text(width: width))
    Terminal.data(
      "\n"
        + WrappedText.paragraph(
          dependence.words(told: found.model.vocabulary.name(of: Int(excerpt.tokens[step]))), width: width)
        + "\n")
    Terminal.say("Next: gradflow view \(model.text), a page for all steps")
  }

  // MARK: - The page

  private func writePage(_ found: ReadLanguageModel, _ excerpt: TextExcerpt) throws {
    let path = output ?? "text-view.html"
    try TextViewFile.check(path)
    let activity = ActivityLine(quiet: false)
    var models = [(label: label(of: found.updates), model: found.model)]
    if found.origin != nil, model.update == nil, checkpoints > 1 {
      let kept = try model.request.checkpoints().spread(checkpoints)
      models = kept.map { (label: label(of: $0.updates), model: $0.model.model) }
    }
    var data = try TextViewData(
      title: "What \(found.name) does on a text", source: excerpt.name, command: command, models,
      excerpt.tokens
    ) { activity.show("Follow the losses back: \($0)") }
    if found.model.vocabulary.level == .characters {
      activity.show("Look at units")
      data.notes = (try? UnitNotes(found, text: text)?.notes) ?? [:]
    }
    activity.clear()
    try TextViewFile.write(TextViewPage.html(data: data.json), to: path)
    Terminal.say("Wrote \(path)")
    Terminal.say(
      "Next: open it in a browser, or gradflow view \(model.text) --at \(min(100, excerpt.tokens.count - 1))")
  }

  private func label(of updates: Int?) -> String {
    updates.map { "update \(Brief.grouped($0))" } ?? "the model"
  }

  private var command: String {
    "gradflow view \(model.text)" + (text.map { " --text \(CommandText.path($0))" } ?? "")
      + (from > 1 ? " --from \(from)" : "") + (length.map { " --length \($0)" } ?? "")
      + (output.map { " -o \(CommandText.path($0))" } ?? "")
  }
}

extension UnitName {
  /// From `layer:quantity:unit`.
  fileprivate init(argument: String) throws {
    let parts = argument.split(separator: ":", omittingEmptySubsequences: false)
    let quantities = [.hidden, .cell] + Gate.allCases.map { UnitGroup.Quantity.gate($0) }
    guard parts.count == 3, let layer = Int(parts[0]), let unit = Int(parts[2]),
      let quantity = quantities.first(where: { $0.symbol == parts[1] })
    else {
      throw ValidationError(
        "--unit \(argument): give layer:quantity:unit, as in 0:h:5; quantities are "
          + quantities.map(\.symbol).joined(separator: ", ") + ".")
    }
    self.init(group: UnitGroup(layer: layer, quantity: quantity), unit: unit)
  }
}
