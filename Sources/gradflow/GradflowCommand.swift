import ArgumentParser
import Experiments
import Foundation

struct GradflowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradflow",
    abstract: "Gradient diagnostics for recurrent networks: see gradients vanish and explode through time.",
    discussion: """
      Begin with:

        gradflow sweep experiments/decay.yaml     run a sweep, write CSV, draw the figures, compare the cells
        gradflow train experiments/temporal-order.yaml   train with and without clipping, gradients watched
        gradflow compare runs/decay               the numbers again: rate, half-life, RNN against LSTM
        gradflow plot runs/decay --figure rate    one figure again
        gradflow init > my.yaml                   a specification with every key explained

      Data goes to standard output, talk and progress to standard error. Exit codes: 0 ok, 1 some trials failed \
      or a case disagrees, 64 usage, 65 bad data, 66 no such input, 69 a program is missing, 73 the system refuses (disk \
      full or failing, too many open files, no permission), 75 not finished (the same command continues later), 78 bad \
      specification, 130 interrupted (the same command continues).
      """,
    version: Provenance.version,
    subcommands: [
      SweepCommand.self, TrainCommand.self, StatusCommand.self, PlotCommand.self, CompareCommand.self,
      MergeCommand.self,
      SlurmCommand.self, ReproCommand.self, RepairCommand.self, DiagnoseCommand.self, VerifyCommand.self,
      CliffCommand.self, InitCommand.self, DoctorCommand.self,
    ])
}
