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
        gradflow plot runs/decay --where clip=none,T=50 -o unclipped

      Draw in the terminal:
        gradflow plot runs/decay --figure decay --format text
      """)

  @OptionGroup var target: RunTarget

  @Option(name: .customLong("figure"), help: "Figure to draw; repeatable. Default: all that apply.")
  var figures: [FigureName] = []

  @OptionGroup var selection: RunSelection

  @OptionGroup var format: FormatOptions

  @Option(
    name: [.short, .long],
    help: "Output folder: new, empty, or one that holds figures. Default: RUN/figures.",
    completion: .directory)
  var output: String?

  @Flag(name: .shortAndLong, help: "Print errors only.")
  var quiet = false

  func validate() throws { try format.check() }

  func run() async throws {
    try await ExitStatus.interruptible([output ?? RunDirectory(target.run).figures]) {
      if let output { try OutputFolder.figures.check(output) }
      let run = try selection.run(target)
      let set = FigureSet(
        run, names: figures.isEmpty ? nil : figures, directory: output)
      if format.isText {
        for outcome in try FigureReport.print(set) where !quiet { FigureReport.say(outcome) }
        return
      }
      try await set.render(format.images) { if !quiet { FigureReport.say($0) } }
      let progress = try run.progress()
      guard !quiet else { return }
      if progress.done < progress.total {
        Terminal.say("Unfinished run: the figures show \(progress.done) of \(progress.total) trials.")
      }
      Terminal.say("Next: gradflow compare \(CommandText.path(target.run))")
    }
  }
}
