import ArgumentParser
import Experiments
import Figures

extension Canvas.Preset: ExpressibleByArgument {}
extension Canvas.Texts: ExpressibleByArgument {}
extension Canvas.Ink: ExpressibleByArgument {}

/// What figures are for.
struct CanvasPreset: ParsableArguments {
  @Option(help: "What the figure is for; the options below override the preset.")
  var preset: Canvas.Preset?
}

/// What figures are drawn on, where it differs from a preset.
struct CanvasOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Width, or width x height: 85mm, 160x90mm, 3.3in, or pixels: 1920x1080.", valueName: "size"),
    completion: .list(["85mm", "174mm", "160x90mm", "3.3in", "1920x1080"]),
    transform: { (text) throws in try CanvasSize(text) })
  var size: CanvasSize?

  @Option(
    help: ArgumentHelp("Size of the letters on the axes in points, from 3 to 200.", valueName: "points"),
    completion: .list(["7", "8", "10", "20"]), transform: { (text) throws in try Canvas.fontSize(text) })
  var fontSize: Double?

  @Option(help: "Texts around the panels: title, statement and caption; the first two; or none.")
  var title: Canvas.Texts?

  @Option(help: "black draws black and white: curves differ by dashes and points.")
  var ink: Canvas.Ink?

  func choice(_ preset: Canvas.Preset?) -> CanvasChoice {
    var choice = CanvasChoice()
    (choice.preset, choice.size, choice.fontSize) = (preset, size, fontSize)
    (choice.texts, choice.ink) = (title, ink)
    return choice
  }

  /// The canvas of a preset with these options.
  ///
  /// - Throws: `ValidationError` where the letters are too large for it.
  func canvas(_ preset: Canvas.Preset?) throws -> Canvas {
    do { return try choice(preset).canvas() } catch { throw ValidationError("\(error).") }
  }

  /// The presets, for a command's help.
  static let presets = """
    Presets, each with its size and its letters:
    \(Canvas.Preset.allCases.map { FigureReport.entry($0.rawValue, $0.purpose) }.joined(separator: "\n"))
    """
}

/// Along which axes a figure of a run has its points, curves and panels.
struct FigureChoiceOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Axis that points lie along.", valueName: "axis"), completion: axes)
  var x: String?

  @Option(
    help: ArgumentHelp("Axis that tells curves apart, such as clip, rho or layer.", valueName: "axis"),
    completion: axes)
  var hue: String?

  @Option(
    help: ArgumentHelp("Axis with a panel for each value, such as cells, T or layer.", valueName: "axis"),
    completion: axes)
  var panel: String?

  private static let axes = CompletionKind.list(FigureAxis.names)

  /// - Throws: ``SpecificationError`` for what is no axis.
  func choice() throws(SpecificationError) -> FigureChoice {
    func axis(_ name: String?, _ option: String) throws(SpecificationError) -> FigureAxis? {
      try name.map { (name) throws(SpecificationError) in try FigureAxis.named(name, of: option) }
    }
    return FigureChoice(x: try axis(x, "--x"), hue: try axis(hue, "--hue"), panel: try axis(panel, "--panel"))
  }
}
