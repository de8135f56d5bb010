import GradientFlow
import Specification

/// Bytes needed for training, in addition to the final diagnosis.
struct TrainingMemory {
  package let p: TrialParameters
  package let training: TrainingParameters
  /// Of sequences of the task.
  package let network: NetworkMemory

  /// Rows and profiles at the end.
  package var rows: Double { count(training.recordEvery) + count(training.evaluateEvery) + 2 }
  var profileRows: Double {
    training.diagnoseEvery > 0
      ? (count(training.diagnoseEvery) + 1) * Double(p.sequenceLength + 1) * Double(network.passes.count) : 0
  }

  private func count(_ every: Int) -> Double {
    every > 0 ? Double(training.iterations) / Double(every) : 0
  }

  /// Bytes of all rows and profiles in the store's form.
  var history: Double {
    rows * Double(TrainingRow.columns.count) * 8 + profileRows * profileColumns * 8
  }

  private var profileColumns: Double {
    let gates = Double(p.cell.gates.count)
    let light =
      6.0 + (p.cell.carriesCellState ? 1 : 0) + (network.passes.count > 1 ? 3 : 0)
      + (p.shortestLength == nil ? 0 : Double(TrainingProfile.lengthColumns.count))
    switch training.detail {
    case .light: return light
    case .standard: return light + 5 + gates
    case .full: return light + 6 + 2 * gates
    }
  }

  private var numbers: Double { network.numbers }
  private var elementSize: Double { network.passes[0].elementSize }
  private var slots: Double { Double(training.optimiser.slotNames.count) }

  /// The network with its optimiser's means, as it is trained, copied for a checkpoint, and written.
  private var weights: Double { numbers * (8 + elementSize * (4 + 4 * (1 + slots))) }

  /// Bytes of a model file.
  package var model: Double { numbers * elementSize + 2000 }

  /// Bytes of a checkpoint at the end, with the state that is carried on.
  package var checkpoint: Double {
    numbers * elementSize * (1 + slots) + history + 4000 + 2 * network.stateCount * elementSize
  }

  /// The window of an update, the pieces before it, and the batches of the test.
  private var passes: Double {
    var window = network
    var reading = 0.0
    if training.truncation != nil {
      window = network.map { $0.tapeBudget = .max }
      reading = window.tape
    }
    let update = window.inputs + window.tape + window.weights + window.readout
    let observed = training.diagnoseEvery > 0 ? window.probes + window.norms : 0
    // Gates are looked at in double precision, on passes of their own.
    let gates =
      training.diagnoseEvery > 0 && training.detail != .light
      ? network.map { $0.elementSize = 8 }.tape + window.inputs : 0
    let longest = max(p.sequenceLength, training.testLengths.max() ?? 0)
    let test = network.map { pass in
      pass.shape = SequenceShape(
        steps: longest, batch: TaskEvaluation.batch, inputSize: pass.shape.inputSize,
        hiddenSize: pass.shape.hiddenSize)
    }
    return update + reading + observed + gates + test.inputs + test.tape + test.readout
  }

  /// At the peak of training: the history, with what its lists have grown out of, and a checkpoint's copy of it; or where
  /// training goes on from a checkpoint, which is read as a file and as arrays before it is a history again.
  package var peak: Double { weights + max(passes + 3 * history, 4 * history) }
}
