import ArgumentParser

struct SweepCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Run every trial of a specification, write CSV, draw the figures, compare the cells.",
    usage: "gradflow sweep <specification> [<key=value> ...] [<options>]",
    discussion: """
      A trial is one point of the grid with one seed. Repeat the command to continue an existing run: finished trials \
      are never run again, and added axis values or seeds run only the new trials. Ctrl-C, kill or a power failure \
      loses no finished trial.

        gradflow sweep experiments/decay.yaml
        gradflow sweep decay seeds=3 sequence_length=50 -o runs/small
        gradflow sweep experiments/decay.yaml --dry-run

      Run one of seven shards; after all of them, merge:
        gradflow sweep experiments/decay.yaml --shard 2/7
        gradflow merge runs/decay

      key=value replaces any key of the specification with a YAML value ('gradflow init' lists the keys).
      """)

  @OptionGroup var sweep: SweepRun

  func run() async throws { try await sweep.execute() }
}
