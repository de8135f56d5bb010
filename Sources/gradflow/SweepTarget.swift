import ArgumentParser
import Experiments
import Figures
import Foundation

/// A specification, with what replaces its keys.
struct SpecificationTarget: ParsableArguments {
  @Argument(
    help:
      "The specification: a YAML file or the name of an experiment; or the directory of a run to continue.",
    completion: .file(extensions: ["yaml", "yml"]))
  var specification: String

  @Argument(
    help: ArgumentHelp("Replaces a key of the specification.", valueName: "key=value"),
    completion: .custom { _, _, begun in
      SpecificationKey.allCases.map { "\($0.rawValue)=" }.filter { $0.hasPrefix(begun) }
    })
  var overrides: [String] = []

  /// Reads it, and checks the figures it asks for, which would be drawn only after the last trial.
  func read() throws -> SweepSpecification {
    let specification = try readTrials()
    _ = try FigureSet.requests(of: specification)
    return specification
  }

  private func readTrials() throws -> SweepSpecification {
    if isRun {
      return try SweepSpecification.read(
        path: RunDirectory(specification).specification, overrides: overrides)
    }
    do throws(SpecificationError) {
      return try SweepSpecification.read(
        path: ExperimentFile.path(of: specification), overrides: overrides)
    } catch {
      let isName = error.kind == .missingFile && error.file == specification && !specification.contains("/")
      throw isName ? error.offering(ExperimentFile.names) : error
    }
  }

  /// Whether it is the directory of a run.
  var isRun: Bool {
    FileManager.default.fileExists(atPath: RunDirectory(specification).specification)
  }
}

/// What to run and where to write it; shared by the commands that start trials.
struct SweepTarget: ParsableArguments {
  @OptionGroup var source: SpecificationTarget

  @Option(
    name: [.short, .long],
    help: "Run directory: new, empty, or an existing run. Default: runs/NAME, with the specification's name.",
    completion: .directory)
  var output: String?

  /// As it was given.
  var specification: String { source.specification }
  var overrides: [String] { source.overrides }

  /// Reads it, and checks the figures it asks for, which would be drawn only after the last trial.
  func read() throws -> SweepSpecification { try source.read() }

  /// The run directory; a shard's directory means its run, and that shard.
  func place(of spec: SweepSpecification) -> (directory: String, shard: Shard?) {
    let given = RunDirectory(output ?? (source.isRun ? specification : "runs/\(spec.name)"))
    return (given.whole.path, given.shard)
  }
}

/// The run that a command is about.
struct RunTarget: ParsableArguments {
  @Argument(help: "A run directory.", completion: .directory)
  var run: String
}

/// The trials of a run that are shown.
struct RunSelection: ParsableArguments {
  @Option(
    name: .customLong("where"),
    help: ArgumentHelp(
      "Show only the trials with these values, as in clip=none,T=100,200, and of networks the layers, as in "
        + "layer=0,direction=reverse; repeatable.",
      valueName: "axis=value"),
    completion: .custom { _, _, begun in
      FigureAxis.names.map { "\($0)=" }.filter { $0.hasPrefix(begun) }
    })
  var choices: [String] = []

  /// What is chosen.
  func selection() throws(SpecificationError) -> FigureSelection { try FigureSelection(choices) }

  /// The run with the trials that are chosen, where no layer can be.
  func run(_ target: RunTarget) throws -> Run {
    try Run(directory: target.run).only(try TrialSelection(choices))
  }
}
