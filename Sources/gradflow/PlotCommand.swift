import ArgumentParser
import Experiments
import Figures

extension FigureName: ExpressibleByArgument {
  public init?(argument: String) {
    guard let name = Self.allCases.first(where: { $0.rawValue == argument }) else { return nil }
    self = name
  }
}

struct PlotCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plot",
    abstract: "Draw the figures of a run, finished or not.",
    usage: "gradflow plot <run> [<options>]",
    discussion: """
      Each figure consists of four files in RUN/figures: NAME.csv (its data), NAME.gp (its gnuplot script, which runs \
      from any directory with 'gnuplot -d NAME.gp'), NAME.svg and NAME.png.

      \(FigureName.allCases.map { FigureReport.entry($0.rawValue, $0.figure.question) }.joined(separator: "\n"))

        gradflow plot runs/decay
        gradflow plot runs/decay --figure rate --format pdf

      Choose trials, curves and panels by any axis of the specification:
        gradflow plot runs/decay --where clip=none,T=50
        gradflow plot runs/decay --figure decay --hue rho --panel cells
        gradflow plot runs/depth --figure decay --where layer=0 --hue layers

      Layers are counted from 0, the one that reads the inputs; layer, direction and part (encoder, decoder) choose \
      and tell apart as axes do.

      Choose the size: a preset, then single options that override it:
        gradflow plot runs/decay --figure decay --preset paper-column
        gradflow plot runs/decay --preset slide --font-size 24 --format png
        gradflow plot runs/decay --size 120x80mm --title none --format pdf

      A figure that is chosen has files of its own name, such as decay-clip-none-T-50 or decay-slide, so that it never \
      replaces the usual one; --name gives another. What is chosen can stand in the specification, under 'figures', \
      and is then drawn whenever the run is.

      \(CanvasOptions.presets)

      A script NAME.gp that you have edited is kept, and the new figure is written beside it, as NAME-new.

      Draw in the terminal:
        gradflow plot runs/decay --figure decay --format text
      """)

  @OptionGroup var target: RunTarget

  @Option(
    name: .customLong("figure"),
    help: "Figure to draw; repeatable. Default: those the specification asks for, else all that apply.")
  var figures: [FigureName] = []

  @OptionGroup var selection: RunSelection

  @OptionGroup var axes: FigureChoiceOptions

  @OptionGroup var preset: CanvasPreset

  @OptionGroup var canvas: CanvasOptions

  @Option(
    help: "Name of the files of a single figure, without extension. Default: as follows from what is chosen.")
  var name: String?

  @OptionGroup var format: FormatOptions

  @Option(
    name: [.short, .long],
    help: "Output folder: new, empty, or one that holds figures. Default: RUN/figures.",
    completion: .directory)
  var output: String?

  @Flag(name: .shortAndLong, help: "Print errors only.")
  var quiet = false

  func validate() throws {
    try format.check()
    _ = try canvas.canvas(preset.preset)
    guard let name else { return }
    guard ValueRule.isFileName(name) else {
      throw ValidationError("--name \(name): allowed are \(ValueRule.fileName.allowed).")
    }
    if figures.distinct.count > 1 {
      throw ValidationError("--name \(name): names the files of one figure; several are given.")
    }
  }

  func run() async throws {
    try await ExitStatus.interruptible([output ?? RunDirectory(target.run).figures]) {
      if let output { try OutputFolder.figures.check(output) }
      let run = try Run(directory: target.run)
      let requests = try requests(run)
      let set = FigureSet(run, requests: requests, directory: output)
      if format.isText {
        for outcome in try FigureReport.print(set) where !quiet { FigureReport.say(outcome) }
        return
      }
      try await set.render(format.images) { if !quiet { FigureReport.say($0) } }
      let progress = try run.progress()
      guard !quiet else { return }
      if requests.isEmpty {
        Terminal.say("No figures: the specification asks for none (figures: []); choose one with --figure.")
      }
      if progress.done < progress.total {
        Terminal.say("Unfinished run: the figures show \(progress.done) of \(progress.total) trials.")
      }
      Terminal.say("Next: gradflow compare \(CommandText.path(target.run))")
    }
  }

  /// The figures, as the options change them.
  private func requests(_ run: Run) throws -> [FigureRequest] {
    var requests =
      figures.isEmpty
      ? try FigureSet.requests(of: run.specification) : figures.distinct.map(FigureRequest.init)
    if let name, requests.count != 1 {
      throw ValidationError("--name \(name): names the files of one figure; choose it with --figure.")
    }
    let (selection, axes) = (try selection.selection(), try axes.choice())
    for k in requests.indices {
      do { try requests[k].choose(selection, axes, canvas: canvas.choice(preset.preset), name: name) } catch {
        throw ValidationError("\(requests[k].fileName): \(error).")
      }
    }
    return requests
  }
}
