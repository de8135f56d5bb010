import ArgumentParser
import Experiments

struct TrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract:
      "Train the networks of a specification and record their gradients; write CSV, models and figures.",
    usage: "gradflow train <specification> [<key=value> ...] [<options>]",
    discussion: """
      The specification names a learnable task and sets iterations, the maximum number of updates ('gradflow init \
      --train' prints one with every key explained). Each trial is one training run with one seed; clipping, penalty, \
      optimizer, learning rate, cell and length are axes, and every value sees the same sequences. Trials are run, \
      stored, sharded and continued as in 'gradflow sweep'; an interrupted training run resumes from its last \
      checkpoint and gives the same bits.

        gradflow train experiments/temporal-order.yaml
        gradflow train temporal-order sequence_length=20 seeds=1 -o runs/quick
        gradflow train experiments/temporal-order.yaml --watch
        gradflow train copy-memory diagnostics=full diagnose_every=100

      RUN/training.csv has rows for selected updates (loss, norms before and after clipping, test error), \
      RUN/training_timesteps.csv has the gradient at every timestep for selected updates, RUN/test_steps.csv the loss \
      by step where the task has several, and RUN/models has the trained networks as safetensors with PyTorch's \
      names, which 'gradflow diagnose' also reads; 'gradflow outputs' shows what they put out.
      """)

  @OptionGroup var sweep: SweepRun

  @Flag(help: "Show the gradient of every timestep as it evolves, one line per profile (diagnose_every).")
  var watch = false

  func run() async throws {
    try await sweep.execute(watches: watch) { specification in
      guard specification.trains else {
        throw ValidationError(
          "\(sweep.target.specification) has no iterations: add for example 'iterations=10000' with a learnable "
            + "task, or use 'gradflow sweep' to diagnose untrained networks.")
      }
    }
  }
}
