import ArgumentParser
import Experiments

struct TrainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract:
      "Train the networks of a specification, with their gradients watched; write CSV, models, figures.",
    discussion: """
      The specification gives a task to be learned and iterations, the most updates of a training ('gradflow init \
      --train' prints one, every key explained). Each trial is one training with one seed; clipping, penalty, \
      optimizer, learning rate, cell and length are axes, and every value sees the same sequences. Trials are run, \
      stored, sharded and continued as those of 'gradflow sweep'; a training that was interrupted goes on where it \
      last rested, to the same bits.

        gradflow train experiments/temporal-order.yaml
        gradflow train experiments/temporal-order.yaml sequence_length=20 seeds=1 -o runs/quick
        gradflow train experiments/temporal-order.yaml --watch
        gradflow train experiments/copy-memory.yaml diagnostics=full diagnose_every=100

      RUN/training.csv has a row for some updates in turn (loss, norms before and after clipping, test error), \
      RUN/training_timesteps.csv the gradient of every timestep at updates in between, RUN/models the trained networks \
      as safetensors with PyTorch's names, which 'gradflow diagnose' reads too.
      """)

  @OptionGroup var sweep: SweepRun

  @Flag(help: "Show the gradient of every timestep as it evolves, a line a profile (diagnose_every).")
  var watch = false

  func run() async throws {
    try await sweep.execute(watches: watch) { specification in
      guard specification.trains else {
        throw ValidationError(
          "\(sweep.target.specification) has no iterations: add for example 'iterations=10000' with a task to be "
            + "learned, or use 'gradflow sweep' to diagnose networks as they are drawn.")
      }
    }
  }
}
