import ArgumentParser
import Experiments
import Foundation

struct GradflowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradflow",
    abstract: "Gradient diagnostics for recurrent networks: see gradients vanish or explode through time.",
    discussion: """
      Start here.

      Run a sweep, write CSV, draw the figures, compare the cells:
        gradflow sweep experiments/decay.yaml

      Train with and without clipping while recording gradients:
        gradflow train experiments/temporal-order.yaml

      Print the numbers again (rate, half-life, RNN against LSTM):
        gradflow compare runs/decay

      Show what a trained network puts out, step by step:
        gradflow outputs runs/temporal-order

      Work through the four-letter network of the textbooks, number by number:
        gradflow hello

      Train language models, let them write, and measure a text:
        gradflow train experiments/char-lm.yaml
        gradflow generate runs/char-lm --prompt "The "
        gradflow score runs/char-lm new.txt

      Redraw one figure:
        gradflow plot runs/decay --figure rate

      Print a specification with every key explained:
        gradflow init > my.yaml

      Data goes to standard output, messages and progress to standard error. Exit codes: 0 ok, 1 some trials failed \
      or a case disagrees, 64 usage error, 65 bad data, 66 no such input, 69 a program is missing, 73 refused by the \
      system (disk full or failing, too many open files, no permission), 75 unfinished (run the same command later to \
      continue), 78 bad specification, 130 interrupted (run the same command to continue).
      """,
    version: Provenance.version,
    subcommands: [
      SweepCommand.self, TrainCommand.self, StatusCommand.self, PlotCommand.self, CompareCommand.self,
      OutputsCommand.self, GenerateCommand.self, ScoreCommand.self, HelloCommand.self,
      UnitsCommand.self, ViewCommand.self,
      GradcheckCommand.self, MergeCommand.self, SlurmCommand.self, ReproCommand.self, RepairCommand.self,
      DiagnoseCommand.self, VerifyCommand.self,
      CliffCommand.self, InitCommand.self, DoctorCommand.self,
    ])
}
