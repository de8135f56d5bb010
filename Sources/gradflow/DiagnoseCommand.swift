import ArgumentParser
import Experiments
import Figures
import Foundation
import GradientFlow

extension DiagnosisPreset: ExpressibleByArgument {}
extension LossKind: ExpressibleByArgument {
  public init?(argument: String) {
    guard let kind = LossKind(rawValue: argument), LossKind.ofModels.contains(kind) else { return nil }
    self = kind
  }

  public static var allValueStrings: [String] { ofModels.map(\.rawValue) }
}
extension FinalReading: ExpressibleByArgument {}
extension ModelLayout: ExpressibleByArgument {}
extension Activation: ExpressibleByArgument {}
extension DiagnosisFigureName: ExpressibleByArgument {}

struct DiagnoseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnose",
    abstract:
      "Diagnose your own model: gradients, states, gates and Jacobians at each step, and why gradients decay.",
    usage: """
      gradflow diagnose <model> --inputs <inputs> [<options>]
      gradflow diagnose --case <case> [<options>]
      """,
    discussion: """
      MODEL is a weight file with PyTorch's names (nn.RNN, nn.LSTM, nn.GRU and their cells; layers and directions \
      are detected) or Keras's. In Python, write the files with:

        from safetensors.torch import save_file; import numpy as np
        weights = {k: v.contiguous() for k, v in model.state_dict().items()}
        save_file(weights, "model.safetensors")
        np.save("x.npy", x.detach().numpy())

      x is [T, B, I], or [B, T, I] with --batch-first. Then:

        gradflow diagnose model.safetensors --inputs x.npy
        gradflow diagnose model.safetensors --inputs x.npy --batch-first \\
            --targets y.npy --loss cross-entropy-every-step
        gradflow diagnose model.safetensors --inputs x.npy \\
            --prefix encoder.lstm. --preset full -o diagnosis
        gradflow diagnose model.safetensors --inputs x.npy --figure gates \\
            --figure-preset paper-column --format pdf

      Diagnose a case, that is a directory with case.json, weights, inputs and targets:

        gradflow diagnose --case my-network -o out

      Writes into OUT: summary.json, timesteps.csv and more tables, gradients.safetensors, and \
      figures/NAME.{csv,gp,svg,png}:

      \(DiagnosisFigureName.allCases.map { FigureReport.entry($0.rawValue, $0.figure.question) }.joined(separator: "\n"))

      Each direction counts its own steps: in the reverse direction step t reads x_{T+1-t}, and lag = T - t.

      Losses and their targets: \(LossKind.listing)
      """)

  @Argument(
    help: "Weight file, .safetensors or .npz.", completion: .file(extensions: ["safetensors", "npz"]))
  var model: String?

  @Option(
    name: .customLong("case"), help: "A directory with case.json, instead of a model.", completion: .directory
  )
  var caseDirectory: String?

  @Option(help: "Inputs, .npy.", completion: .file(extensions: ["npy"]))
  var inputs: String?

  @Option(help: "Targets of the loss, .npy.", completion: .file(extensions: ["npy"]))
  var targets: String?

  @Option(help: "Loss to differentiate. Default: chosen to match the targets; final-sum without targets.")
  var loss: LossKind?

  @Option(
    help:
      "What a final loss reads from a bidirectional model: final-states (h_n) or last-output (output[-1])."
  )
  var reads: FinalReading = .finalStates

  @Flag(name: .customLong("batch-first"), help: "Inputs, and targets at every step, are [B, T, ...].")
  var batchFirst = false

  @Option(name: .customLong("h0"), help: "Initial hidden states [L*D, B, H], .npy. Default: 0.")
  var initialHidden: String?

  @Option(name: .customLong("c0"), help: "Initial cell states [L*D, B, H], .npy. Default: 0.")
  var initialCell: String?

  @Option(help: "Prefix of the recurrent layer's names, such as 'rnn.'. Default: detected.")
  var prefix: String?

  @Option(help: "Prefix of the readout's names, such as 'fc.'. Default: detected.")
  var readout: String?

  @Option(help: "pytorch or keras. Default: detected from the names.")
  var layout: ModelLayout?

  @Option(help: "For a plain RNN: tanh, relu or linear. Default: as the file says, else tanh.")
  var nonlinearity: Activation?

  @Option(help: "How much to measure: light, standard or full.")
  var preset: DiagnosisPreset = .standard

  @Option(help: "Batch element whose Jacobians, exponents and states are computed, counted from 0.")
  var element = 0

  @Option(help: "Steps to skip before averaging Lyapunov exponents. Default: a tenth, at most 1000.")
  var transient: Int?

  @Option(
    name: [.short, .long],
    help: "Output folder: new, empty, or an earlier diagnosis. Default: NAME-diagnosis.",
    completion: .directory)
  var output: String?

  @Option(
    help: "none, global-norm:X, value:X, step-norm:X or step-norm-example:X; the last two in every layer."
  )
  var clip: GradientClip = .none

  @Option(name: .customLong("figure"), help: "Figure to draw; repeatable. Default: all that apply.")
  var figures: [DiagnosisFigureName] = []

  @Option(help: "What the figures are for; the options below override it.")
  var figurePreset: Canvas.Preset?

  @OptionGroup var canvas: CanvasOptions

  @OptionGroup var format: FormatOptions

  @Flag(name: .customLong("no-figures"), help: "Write tables only.")
  var noFigures = false

  @Flag(help: "Also print summary.json to standard output.")
  var json = false

  @Flag(name: .shortAndLong, help: "Print errors only.")
  var quiet = false

  func validate() throws {
    guard (model == nil) != (caseDirectory == nil) else {
      throw ValidationError("Give a model (MODEL --inputs FILE) or a case (--case DIR).")
    }
    if model != nil, inputs == nil { throw ValidationError("Give the model's inputs: --inputs FILE.npy.") }
    if caseDirectory != nil {
      let given = [inputs, targets, initialHidden, initialCell, prefix, readout].contains { $0 != nil }
      if given || loss != nil || layout != nil || nonlinearity != nil || batchFirst {
        throw ValidationError("A case has its own inputs, targets and loss; omit the options for models.")
      }
    }
    _ = try canvas.canvas(figurePreset)
    try format.check(besides: "other formats or --json", isOther: json)
    if let transient, transient < 0 {
      throw ValidationError("--transient must be a number of steps, at least 0.")
    }
  }

  func run() async throws {
    let place = output ?? "\(defaultName)-diagnosis"
    try await ExitStatus.interruptible([place, PathName.joined(place, "figures")]) {
      BLASEnvironment.useOneThread()
      let (problem, notes) = try problem()
      try ModelDiagnosis.folder.check(place)
      for note in notes { Terminal.say(note, unless: quiet) }
      try problem.checkMemory()
      var plan = preset.plan
      plan.element = element
      plan.transient = transient
      let meter = ActivityLine(quiet: quiet)
      let diagnosis = try ModelDiagnosis(problem, plan: plan) { meter.show($0) }
      meter.clear()
      let files = try diagnosis.write(to: place)
      if !quiet { Terminal.talk(diagnosis.report) }
      Terminal.say("Wrote \(files.joined(separator: ", ")) to \(place)", unless: quiet)
      if json { Terminal.data(diagnosis.summary.text) }
      try await draw(diagnosis, to: place)
    }
  }

  private func problem() throws -> (problem: ModelProblem, notes: [String]) {
    if let caseDirectory {
      return (ModelProblem(try ReferenceCase(directory: caseDirectory), clip: clip), [])
    }
    var request = ModelFilesRequest(model: model ?? "", inputs: inputs ?? "")
    request.targets = targets
    request.loss = loss
    request.reading = reads
    request.batchFirst = batchFirst
    request.initialHidden = initialHidden
    request.initialCell = initialCell
    request.layout = layout
    request.prefix = prefix
    request.nonlinearity = nonlinearity
    request.readout = readout
    var read = try request.read()
    read.problem.clip = clip
    return read
  }

  /// Of the file or directory that was given: the name that a case gives itself may hold anything.
  private var defaultName: String {
    guard let caseDirectory else { return ModelFilesRequest(model: model ?? "", inputs: "").name }
    return PathName.last(of: PathName.absolute(caseDirectory) ?? caseDirectory)
  }

  private func draw(_ diagnosis: ModelDiagnosis, to directory: String) async throws {
    guard !noFigures else {
      Terminal.say("Next: read \(CommandText.path(directory))/timesteps.csv with pandas", unless: quiet)
      return
    }
    let set = DiagnosisFigureSet(
      diagnosis, names: figures.isEmpty ? DiagnosisFigureName.allCases : figures,
      canvas: try canvas.canvas(figurePreset), directory: PathName.joined(directory, "figures"))
    if format.isText {
      for outcome in try FigureReport.print(set) where !quiet { FigureReport.say(outcome) }
      return
    }
    let outcomes = try await set.render(format.images) { if !quiet { FigureReport.say($0) } }
    guard let first = outcomes.lazy.compactMap(\.image).first else { return }
    Terminal.say(
      "Next: look at \(CommandText.path(first)); the tables are in the folder above", unless: quiet)
  }
}

extension LossKind {
  /// Every kind with its targets, for help.
  static var listing: String {
    ofModels.map { "\($0.rawValue) (\($0.targetShape))" }.joined(separator: ", ")
  }
}

extension GradientClip: ExpressibleByArgument {
  public init?(argument: String) {
    guard let rule = try? GradientRule(text: argument), rule.penalty == nil else { return nil }
    self = rule.clip
  }
}
