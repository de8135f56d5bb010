import ArgumentParser
import Experiments
import Figures
import GradientFlow

struct CliffCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cliff",
    abstract: "Show why clipping helps: gradient descent over the cliff of Pascanu, Mikolov & Bengio (2013).",
    usage: "gradflow cliff [<options>]",
    discussion: """
      The error depends on two parameters and has a wall where gradients explode:

        E(w, b) = (σ(x_50) − 0.7)²,   x_t = w σ(x_{t−1}) + b,   x_0 = 0.5

        gradflow cliff
        gradflow cliff --clip none --clip value:0.05 --learning-rate 1 -o other
        gradflow cliff --preset slide --format png

      Writes into OUT: cliff.csv (one row per update of each walk, then the surface), cliff.gp (its gnuplot \
      script), cliff.svg and cliff.png.
      """)

  @Option(parsing: .unconditional, help: "Initial weight.")
  var w = 5.3

  @Option(parsing: .unconditional, help: "Initial bias.")
  var b = -1.4

  @Option(help: "Learning rate of the first update.")
  var learningRate = 2.0

  @Option(help: "Learning-rate schedule: constant, or cosine (half a cosine down to 0).")
  var schedule: LearningRateSchedule = .cosine

  @Option(help: "Updates of each walk.")
  var iterations = 50

  @Option(
    name: .customLong("clip"),
    help: "none, global-norm:X or value:X; repeatable. Default: none and global-norm:0.05.")
  var clips: [GradientClip] = []

  @Option(
    name: [.short, .long], help: "Output folder: new, empty, or one that holds figures.",
    completion: .directory)
  var output = "cliff"

  @OptionGroup var preset: CanvasPreset

  @OptionGroup var canvas: CanvasOptions

  @OptionGroup var format: FormatOptions

  @Flag(name: .shortAndLong, help: "Print errors only.")
  var quiet = false

  func validate() throws {
    try format.check()
    _ = try canvas.canvas(preset.preset)
    guard w.isFinite, b.isFinite, learningRate.isFinite, learningRate > 0 else {
      throw ValidationError("--w, --b and --learning-rate must be finite, and --learning-rate above 0.")
    }
    guard 1...10_000 ~= iterations else {
      throw ValidationError("--iterations must be a whole number from 1 to 10000.")
    }
    if let clip = clips.first(where: { $0.stepClip != .none }) {
      throw ValidationError(
        "--clip \(clip.label) applies to networks only; use none, global-norm:X or value:X.")
    }
  }

  func run() async throws {
    try await ExitStatus.interruptible([output]) {
      let walks = (clips.isEmpty ? [.none, .globalNorm(0.05)] : clips).map {
        CliffWalk(
          $0, w: w, b: b, learningRate: learningRate, schedule: schedule, iterations: iterations)
      }
      let figure = CliffFigure(walks, canvas: try canvas.canvas(preset.preset), directory: output)
      if !format.isText { try OutputFolder.figures.check(output) }
      for walk in walks { Terminal.say(walk.summary, unless: quiet) }
      if format.isText {
        _ = try FigureReport.print(figure)
        return
      }
      try await figure.render(format.images) {
        if !quiet { FigureReport.say($0) }
      }
      let table = PathName.joined(output, "cliff.csv")
      Terminal.say("Next: look at the figure; \(CommandText.path(table)) lists every update", unless: quiet)
    }
  }
}

extension LearningRateSchedule: ExpressibleByArgument {
  /// Those without numbers.
  public init?(argument: String) {
    guard let schedule = [Self.constant, .cosine].first(where: { $0.label == argument }) else { return nil }
    self = schedule
  }
}
