import ArgumentParser

struct SweepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Run every trial of a specification, write CSV, draw the figures, compare the cells.",
    discussion: """
      A trial is one point of the grid with one seed. The same command on an existing run continues it: finished \
      trials are never run again, and added axis values or seeds run only what is new. Ctrl-C, kill or a power \
      failure lose nothing that is finished.

        gradflow sweep experiments/decay.yaml
        gradflow sweep experiments/decay.yaml seeds=3 sequence_length=50 -o runs/small
        gradflow sweep experiments/decay.yaml --dry-run
        gradflow sweep experiments/decay.yaml --shard 2/7     then: gradflow merge runs/decay

      Any key of the specification can be replaced by key=value, with a YAML value ('gradflow init' lists them).
      """)

  @OptionGroup var sweep: SweepRun

  func run() async throws { try await sweep.execute() }
}
