import GradientFlow

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
  /// Series of probes that are counted as a norm and its exponent at each step.
  private var added: Double { Double(AddedProbes<Double>.series.count) }

  /// Preactivations of all steps: the numbers of the work that is done element by element.
  var elements: Double { rows * units }
  /// Multiplications forward, backward and for the gradients.
  var multiplications: Double { elements * (3 * h + 2 * i) }

  /// x, drawn in double precision and then narrowed, with classes and what they are made of.
  package var inputs: Double { rows * (i * (8 + elementSize) + (outputs > 0 ? 24 : 0)) }

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

  /// What the probes of a diagnosis hold.
  var probes: Double {
    let apart = tapeLayout.keepsCurrentsApart ? 1.0 : 0
    let states = (t + 1) * ((1 + cells) * (2 * b + 1) + 2) * 8
    let preactivations = t * (gates * 16 + 8) * (1 + apart)
    let contributions = t * 16 * (3 + apart)
    let widest = max(h, i)
    let usesGram = b * (units + h + i) <= 4 * units * (h + i)
    let batch = b > 1 ? b : 0
    let rowBytes = batch * (units + h + i) * elementSize + batch * (units + widest) * 8
    let products = usesGram ? 3 * batch * (batch + 16) * elementSize : 0
    let series = (t + 1) * 16 * added
    return states + preactivations + contributions + series + rowBytes + products
      + (b > 1 ? units * widest * 8 : 0)
  }

  /// The norms of one way back as arrays.
  package var norms: Double {
    8 * ((t + 1) * (3 + cells + added) + (t + 1) * b * (1 + cells) + t * (6 + gates))
  }

  /// Columns of the trial's table, T + 1 numbers each.
  package var columns: Double {
    11 + 2 * cells + (gates > 1 ? gates : 0) + (tapeLayout.keepsCurrentsApart ? 1 : 0) + added
  }

  /// The table of a trial.
  package var table: Double { (t + 1) * columns * 8 }
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
