import ArgumentParser
import Experiments
import Figures
import Foundation
import GradientFlow

extension DiagnosisPreset: ExpressibleByArgument {}
extension DiagnosisFigureName: ExpressibleByArgument {}

struct DiagnoseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diagnose",
    abstract:
      "Diagnose your own model: gradients, states, gates and Jacobians at each step, and why gradients decay.",
    usage: """
      gradflow diagnose <capture> [<options>]
      gradflow diagnose <model> --inputs <inputs> [<options>]
      gradflow diagnose --case <case> [<options>]
      """,
    discussion: """
      For a PyTorch program, capture what its recurrent modules read and what came back to them \
      (pip install ./Python):

        from gradflow_capture import capture
        with capture(model, "run1"):
            loss = criterion(model(x), y); loss.backward()

      Then each module is run again from what was captured, compared with what automatic differentiation \
      found, and reported only where both agree, whatever stands before and behind it:

        gradflow diagnose run1

      MODEL is a weight file with PyTorch's names (nn.RNN, nn.LSTM, nn.GRU and their cells; layers and directions \
      are detected) or Keras's. In Python, write the files with:

        from safetensors.torch import save_file; import numpy as np
        weights = {k: v.contiguous() for k, v in model.state_dict().items()}
        save_file(weights, "model.safetensors")
        np.save("x.npy", x.detach().numpy())

      x is [T, B, I] (--time-first) or [B, T, I] (--batch-first), or token ids without the last axis. Then:

        gradflow diagnose model.safetensors --inputs x.npy --time-first
        gradflow diagnose model.safetensors --inputs x.npy --batch-first \\
            --targets y.npy --loss cross-entropy-every-step
        gradflow diagnose model.safetensors --inputs x.npy --targets y.npy \\
            --lengths lengths.npy --head norm,fc1,relu,fc2
        gradflow diagnose model.safetensors --inputs x.npy --upstream g.npy
        gradflow diagnose model.safetensors --inputs x.npy --batch-first \\
            --stack lstm1,lstm2 --preset full -o diagnosis

      Tensors that are not used are named. A tensor inside a recurrent module that is not one of its parameters \
      ends the diagnosis: the module computes something else.

      Diagnose a case, that is a directory with case.json, weights, inputs and targets:

        gradflow diagnose --case my-network -o out

      Writes into the output folder: summary.json, timesteps.csv and more tables, gradients.safetensors, and \
      figures/NAME.{csv,gp,svg,png}; of several modules a folder for each:

      \(DiagnosisFigureName.allCases.map { FigureReport.entry($0.rawValue, $0.figure.question) }.joined(separator: "\n"))

      Each direction counts its own steps: in the reverse direction step t reads x_{T+1-t}, and lag = T - t.

      Losses and their targets: \(LossKind.listing)
      """)

  @Argument(
    help: "Weight file, .safetensors or .npz, or the folder of a capture.",
    completion: .file(extensions: ["safetensors", "npz"]))
  var model: String?

  @Option(
    name: .customLong("case"), help: "A directory with case.json, instead of a model.", completion: .directory
  )
  var caseDirectory: String?

  @OptionGroup(title: "Models in files of weights") var options: ModelOptions

  @Option(name: .customLong("module"), help: "Captures only: module to diagnose; repeatable. Default: all.")
  var captured: [String] = []

  @Option(help: "Captures only: number of the update to diagnose. Default: the last.")
  var update: Int?

  @Option(help: "Captures only: which of a module's sequences, counted from 0. Default: all up to four.")
  var call: Int?

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

  @Flag(
    name: .customLong("save-gradients"),
    help: "Also write dL/dh_t of every step and sequence: state_gradients.safetensors.")
  var saveGradients = false

  @Flag(name: .customLong("no-figures"), help: "Write tables only.")
  var noFigures = false

  @Flag(help: "Also print summary.json to standard output.")
  var json = false

  @Flag(name: .shortAndLong, help: "Print errors only.")
  var quiet = false

  func validate() throws {
    guard (model == nil) != (caseDirectory == nil) else {
      throw ValidationError("Give a model (MODEL --inputs FILE), a capture, or a case (--case DIR).")
    }
    var isFolder: ObjCBool = false
    if let model, !CaptureFolder.isAt(model),
      FileManager.default.fileExists(atPath: model, isDirectory: &isFolder),
      isFolder.boolValue
    {
      throw ValidationError(
        "\(model) is a folder without \(CaptureFolder.index): no capture, or one that had no whole update yet."
      )
    }
    if let model, !CaptureFolder.isAt(model), options.inputs == nil {
      throw ValidationError("Give the model's inputs: --inputs FILE.npy.")
    }
    if caseDirectory != nil, options.given != nil {
      throw ValidationError("A case has its own inputs, targets and loss; omit the options for models.")
    }
    if let model, CaptureFolder.isAt(model), let option = options.given {
      throw ValidationError("A capture has its own inputs and gradients; omit \(option).")
    }
    let isCapture = model.map(CaptureFolder.isAt) ?? false
    if !isCapture, !captured.isEmpty || update != nil || call != nil {
      throw ValidationError("--module, --update and --call are of captures.")
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
      if let model, CaptureFolder.isAt(model) { return try await diagnose(captureAt: model, to: place) }
      let (problem, notes) = try problem()
      try ModelDiagnosis.folder.check(place)
      for note in notes { Terminal.say(note, unless: quiet) }
      try problem.checkMemory()
      let plan = plan(element: problem.place(of: element) ?? element)
      say(DiagnosisEstimate(problem.modules.map(\.network), steps: problem.data.shape.steps, plan: plan))
      let meter = ActivityLine(quiet: quiet)
      let diagnoses = try problem.diagnoses(plan: plan) { meter.show($0) }
      meter.clear()
      let folder = DiagnosisFolder(name: problem.name, diagnoses)
      try await finish(folder, to: place)
    }
  }

  private func plan(element: Int) -> DiagnosisPlan {
    var plan = preset.plan
    plan.element = element
    plan.transient = transient
    plan.keepsStateGradients = saveGradients
    return plan
  }

  private func say(_ estimate: DiagnosisEstimate) {
    if let words = estimate.words { Terminal.say(words, unless: quiet) }
  }

  /// Writes, reports and draws.
  ///
  /// - Parameter more: what else is written, before the next step is said.
  private func finish(
    _ folder: DiagnosisFolder, to place: String, more: () async throws -> Void = {}
  ) async throws {
    let files = try folder.write(to: place)
    for module in folder.modules where !quiet { Terminal.talk(module.diagnosis.report) }
    Terminal.say("Wrote \(files.joined(separator: ", ")) to \(place)", unless: quiet)
    if json { Terminal.data(folder.summary.text) }
    try await more()
    try await draw(folder, to: place)
  }

  private func diagnose(captureAt path: String, to place: String) async throws {
    let capture = try CaptureFolder(path)
    let isSeries = capture.updates.count > 1 && update == nil
    let update = try CapturedUpdate(capture.update(update), of: capture)
    try ModelDiagnosis.folder.check(place)
    Terminal.say(capture.headline(update), unless: quiet)
    for note in update.notes { Terminal.say(note, unless: quiet) }
    let meter = ActivityLine(quiet: quiet)
    let found = try CaptureDiagnosis(
      update, names: captured.isEmpty ? nil : captured, call: call, clip: clip, plan: plan(element: element)
    ) { meter.show($0) }
    meter.clear()
    for line in found.lines { Terminal.say(line, unless: quiet) }
    if json || !found.diagnoses.isEmpty {
      let folder = found.folder(name: defaultName)
      if found.diagnoses.isEmpty {
        Terminal.data(folder.summary.text)
      } else {
        if isSeries {
          try await finish(folder, to: place) { try await drawEvolution(of: capture, to: place, meter) }
        } else {
          try await finish(folder, to: place)
        }
      }
    }
    if found.hasRefused {
      if quiet { for line in found.refusals { Terminal.say(line) } }
      throw (found.diagnoses.isEmpty ? ExitStatus.badData : .someFailed).code
    }
  }

  /// Tables and figures over all captured updates.
  private func drawEvolution(of capture: CaptureFolder, to place: String, _ meter: ActivityLine) async throws
  {
    let evolution = try CaptureEvolution(capture, names: captured.isEmpty ? nil : captured) { meter.show($0) }
    meter.clear()
    let files = try evolution.write(to: place)
    Terminal.say(
      "Wrote \(files.joined(separator: ", ")) of \(capture.updates.count) updates to \(place)", unless: quiet)
    guard !noFigures, figures.isEmpty else { return }
    let set = CaptureFigureSet(
      evolution, canvas: try canvas.canvas(figurePreset), directory: PathName.joined(place, "figures"))
    if format.isText {
      for outcome in try FigureReport.print(set) where !quiet { FigureReport.say(outcome) }
      return
    }
    _ = try await set.render(format.images) { if !quiet { FigureReport.say($0) } }
  }

  private func problem() throws -> (problem: StackProblem, notes: [String]) {
    if let caseDirectory {
      return (StackProblem(try ReferenceCase(directory: caseDirectory), clip: clip), [])
    }
    var read = try options.request(model: model ?? "").read()
    read.problem.clip = clip
    return read
  }

  /// Of the file or directory that was given: the name that a case gives itself may hold anything.
  private var defaultName: String {
    guard let caseDirectory else { return ModelFilesRequest(model: model ?? "", inputs: "").name }
    return PathName.last(of: PathName.absolute(caseDirectory) ?? caseDirectory)
  }

  private func draw(_ folder: DiagnosisFolder, to directory: String) async throws {
    guard !noFigures else {
      let first = folder.modules[0].folder.map { "\($0)/" } ?? ""
      Terminal.say(
        "Next: read \(CommandText.path(directory))/\(first)timesteps.csv with pandas", unless: quiet)
      return
    }
    var image: String?
    for module in folder.modules {
      let set = DiagnosisFigureSet(
        module.diagnosis, names: figures.isEmpty ? DiagnosisFigureName.allCases : figures,
        canvas: try canvas.canvas(figurePreset),
        directory: PathName.joined(folder.path(of: module, in: directory), "figures"))
      if format.isText {
        for outcome in try FigureReport.print(set) where !quiet { FigureReport.say(outcome) }
        continue
      }
      let outcomes = try await set.render(format.images) { if !quiet { FigureReport.say($0) } }
      image = image ?? outcomes.lazy.compactMap(\.image).first
    }
    guard let image else { return }
    Terminal.say(
      "Next: look at \(CommandText.path(image)); the tables are in the folder above", unless: quiet)
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
