import GradientFlow
import Specification

/// Bytes needed for training, in addition to the final diagnosis.
struct TrainingMemory {
  package let p: TrialParameters
  package let training: TrainingParameters
  /// Of a sequence of the task, with its readout.
  package let pass: PassMemory

  /// Rows and profiles at the end.
  package var rows: Double { count(training.recordEvery) + count(training.evaluateEvery) + 2 }
  var profileRows: Double {
    training.diagnoseEvery > 0 ? (count(training.diagnoseEvery) + 1) * Double(p.sequenceLength + 1) : 0
  }

  private func count(_ every: Int) -> Double {
    every > 0 ? Double(training.iterations) / Double(every) : 0
  }

  /// Bytes of all rows and profiles in the store's form.
  var history: Double {
    rows * Double(TrainingRow.columns.count) * 8 + profileRows * profileColumns * 8
  }

  private var profileColumns: Double {
    let gates = Double(pass.cell.gates.count)
    let light = 6.0 + (pass.cell.carriesCellState ? 1 : 0)
    switch training.detail {
    case .light: return light
    case .standard: return light + 5 + gates
    case .full: return light + 6 + 2 * gates
    }
  }

  /// Weights and biases.
  private var numbers: Double {
    let (h, i) = (Double(pass.shape.hiddenSize), Double(pass.shape.inputSize))
    let o = Double(pass.outputs)
    return Double(pass.cell.gates.count) * h * (h + i + 2) + o * (h + 1)
  }

  private var slots: Double { Double(training.optimiser.slotNames.count) }

  /// The network with its optimiser's means, as it is trained, copied for a checkpoint, and written.
  private var network: Double { numbers * (8 + pass.elementSize * (4 + 4 * (1 + slots))) }

  /// Bytes of a model file.
  package var model: Double { numbers * pass.elementSize + 2000 }

  /// Bytes of a checkpoint at the end, with the state that is carried on.
  package var checkpoint: Double {
    numbers * pass.elementSize * (1 + slots) + history + 4000
      + 2 * Double(pass.shape.stateCount) * pass.elementSize
  }

  /// The window of an update, the pieces before it, and the batches of the test.
  private var passes: Double {
    var window = pass
    var reading = 0.0
    if training.truncation != nil {
      window.tapeBudget = .max
      reading = window.tape
    }
    let update = window.inputs + window.tape + window.weights + window.readout
    let observed = training.diagnoseEvery > 0 ? window.probes + window.norms : 0
    // Gates are looked at in double precision, on a pass of their own.
    let gates =
      training.diagnoseEvery > 0 && training.detail != .light
      ? PassMemory(cell: pass.cell, shape: pass.shape, elementSize: 8).tape + window.inputs : 0
    let s = pass.shape
    let test = PassMemory(
      cell: pass.cell,
      shape: SequenceShape(
        steps: p.sequenceLength, batch: TaskEvaluation.batch, inputSize: s.inputSize, hiddenSize: s.hiddenSize
      ),
      elementSize: pass.elementSize, outputs: pass.outputs)
    return update + reading + observed + gates + test.inputs + test.tape + test.readout
  }

  /// At the peak of training: a checkpoint's history is copied three times until it is on the disk.
  package var peak: Double { passes + network + 4 * history }
}
