import GradientFlow
import Specification

/// Bytes that a pass over a batch of sequences takes, with what is measured on it, counted from what is allocated.
struct PassMemory {
  package let cell: CellKind
  package var shape: SequenceShape
  /// Bytes of a number of the network.
  package var elementSize: Double
  /// O of the readout; 0 without.
  package var outputs = 0
  /// Whether the loss compares with numbers, one for each output of a sequence.
  var hasTargets = false
  /// Numbers that the readout reads; nil: H.
  var readoutWidth: Int?
  /// The share of T · B steps that sequences have; below 1 where their lengths differ.
  var filled = 1.0
  /// Whether a second way back is made for a step clip.
  package var clips = false
  /// Whether what is passed on after a clip is the gradient times one number.
  var scalesAll = false
  /// Which steps are kept, and how many follow in another part of the network.
  var recording = StepRecording.every
  var stepsAfter = 0
  /// Whether inputs are drawn in double precision and then narrowed.
  var widensInputs = true
  /// Bytes the tape may take before checkpoints are used.
  package var tapeBudget = SequencePass<TanhCell<Float>>.defaultTapeBudget

  private var tapeLayout: TapeLayout { cell.accept(TapeLayoutOfCell()) }
  var t: Double { Double(shape.steps) }
  var b: Double { Double(shape.batch) }
  private var i: Double { Double(shape.inputSize) }
  var h: Double { Double(shape.hiddenSize) }
  private var o: Double { Double(outputs) }
  var gates: Double { Double(cell.gates.count) }
  private var cells: Double { cell.carriesCellState ? 1 : 0 }
  private var units: Double { gates * h }
  /// Steps of all sequences.
  var rows: Double { t * b * filled }
  /// Series of probes, each counted as a norm and its exponent at each step.
  private var added: Double { Double(AddedProbes<Double>.series.count) }

  /// Preactivations of all steps: the numbers of the work that is done element by element.
  var elements: Double { rows * units }
  /// Multiplications forward, backward and for the gradients.
  var multiplications: Double { elements * (3 * h + 2 * i) }

  /// x, with classes and what they are made of.
  package var inputs: Double {
    rows * (i * (elementSize + (widensInputs ? 8 : 0)) + (outputs > 0 ? 24 : 0))
  }

  /// States, factors, and currents, in whose place a way back gathers γ.
  package var tape: Double {
    let layout = tapeLayout
    let plan = SegmentPlan(
      steps: shape.steps, stateElements: layout.states * shape.stateCount,
      tapeElements: (layout.states + layout.factors) * shape.stateCount,
      currentElements: shape.batch * cell.gates.count * shape.hiddenSize,
      budget: tapeBudget / Int(elementSize))
    let (states, factors) = (Double(layout.states), Double(layout.factors))
    let kept = plan.checkpoints ? Double(plan.length) : t
    let saved = plan.checkpoints ? Double(plan.count) : 0
    let segment = Double(plan.length) * b * filled
    // What states lack to ±1, where units saturate.
    let lacks = layout.subtractsStates ? (kept + 1 + saved) * 16 + 16 * (gates + factors + 2) : 0
    let own = b * h * filled
    return lacks * own + ((kept + 1) * states + kept * factors + saved * states + 5) * own * elementSize
      + segment * (units * elementSize * (layout.keepsCurrentsApart ? 2 : 1) + 24)
  }

  /// Parameters as drawn, as used and transposed, their gradients, and what measuring a block takes.
  package var weights: Double {
    units * (h + i) * (8 + elementSize * (clips ? 8 : 6)) + h * h * 8 * 4
  }

  /// The layer before the loss: its weights and their gradients, and the outputs of a step.
  package var readout: Double {
    o * read * (8 + 6 * elementSize) + o * 16 + b * o * elementSize
      + (hasTargets ? b * o * (8 + elementSize) : 0)
  }

  private var read: Double { Double(readoutWidth ?? shape.hiddenSize) }

  /// Weights and biases.
  var numbers: Double { units * (h + i + 2) + o * (read + 1) }

  /// What the probes of a diagnosis hold beside the norms: of one step its rows, of some steps what is not a logarithm yet.
  var probes: Double {
    let widest = max(h, i)
    let usesGram = b * (units + h + i) <= 4 * units * (h + i)
    let batch = b > 1 ? b : 0
    let rowBytes = batch * (units + h + i) * elementSize + batch * (units + widest) * 8
    let products = usesGram ? 3 * batch * (batch + 16) * elementSize : 0
    let series = (t + 1) * 16 * added
    let waiting = 16 * (1 + cells) * min(t + 1, max(16, 512 / b)) * b + 16 * 512 * 8
    return series + rowBytes + products + (b > 1 ? units * widest * 8 : 0) + waiting
  }

  /// The norms of one way back, as lists over the steps: of each sequence and of all, of each gate and of all, and of what
  /// a step contributes.
  package var norms: Double {
    let apart = tapeLayout.keepsCurrentsApart ? 1.0 : 0
    let states = (1 + cells) * (b + (b > 1 ? 1 : 0)) + 1 + (clips ? 1 : 0)
    let steps = (1 + apart) * (gates + (gates > 1 ? 1 : 0)) + 3 + apart
    return (t + 1) * 8 * (states + steps + added)
  }

  /// What is made of the norms for the table: means and deviation over the sequences, what a clip passes on, and a list at
  /// a time for the fit of the decay and for the check of what is there.
  var columnsApart: Double {
    (t + 1) * 8 * (1 + (b > 1 ? 1 + cells : 0) + (scalesAll ? 1 : 0) + 1)
  }

  /// Columns of the trial's table.
  package var columns: Double {
    11 + 2 * cells + (gates > 1 ? gates : 0) + (tapeLayout.keepsCurrentsApart ? 1 : 0) + added
      + (tableRows < t + 1 ? 1 : 0)
  }

  /// The rows of the table.
  var tableRows: Double { Double(recording.rows(steps: shape.steps, after: stepsAfter)) }

  /// The table beside the norms that it is made of, where it does not share their lists.
  var thinned: Double { tableRows < t + 1 ? table : 0 }

  /// The table of a trial, as it is stored and read.
  package var table: Double { tableRows * columns * 8 }
}

/// What a cell leaves on the tape at each step, in units of B·H numbers.
private struct TapeLayout {
  let states, factors: Int
  let keepsCurrentsApart, subtractsStates: Bool
}

private struct TapeLayoutOfCell: CellVisitor {
  typealias Element = Float

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> TapeLayout where Cell.Element == Float {
    TapeLayout(
      states: Cell.carriesCellState ? 2 : 1, factors: Cell.factorCount,
      keepsCurrentsApart: Cell.keepsCurrentsApart, subtractsStates: Cell.subtractsStates)
  }
}
