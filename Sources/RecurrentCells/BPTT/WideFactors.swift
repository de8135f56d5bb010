import LinearAlgebra

/// The factors of one step of a pass as numbers of any size: from the tape, or, where one of them fell below the range,
/// once more from the preactivations, in double precision.
public final class WideFactors<Cell: RecurrentCell> {
  private let hidden, gates, inputs: Int
  /// B of the step.
  private var batch: Int
  private let parameters: RecurrentParameters<Double>
  private let currents, recurrentCurrents, x, h, before, after, tapeFactors: AlignedBuffer<Double>
  private let complements: AlignedBuffer<ScaledNumber>
  private var isComputed = false
  private var hasComplements = false

  /// - Parameter batch: B of the pass.
  public init(parameters: RecurrentParameters<Cell.Element>, batch: Int) {
    self.batch = batch
    (hidden, gates, inputs) = (parameters.hiddenSize, parameters.gateCount, parameters.inputSize)
    self.parameters = parameters.converted(to: Double.self)
    let (states, rows) = (batch * hidden, gates * hidden)
    let cells = Cell.carriesCellState ? states : 0
    currents = AlignedBuffer(count: batch * rows)
    recurrentCurrents = AlignedBuffer(count: Cell.keepsCurrentsApart ? batch * rows : 0)
    x = AlignedBuffer(count: batch * inputs)
    h = AlignedBuffer(count: states)
    before = AlignedBuffer(count: cells)
    after = AlignedBuffer(count: cells)
    tapeFactors = AlignedBuffer(count: Cell.factorCount * states)
    complements = AlignedBuffer(count: Cell.subtractsStates ? states : 0)
  }

  /// Moves to a step.
  public func load(_ step: TapeStep<Cell.Element>) {
    batch = step.batch
    Cell.Element.widen(Cell.factorCount * batch * hidden, step.factors, into: tapeFactors.base)
    isComputed = step.hasLostFactors
    if isComputed { computeCurrents(step) }
  }

  /// Those of unit k of batch element b, as many as the cell leaves on the tape.
  public func get(_ b: Int, _ k: Int, into factors: UnsafeMutablePointer<ScaledNumber>) {
    var isWhole = true
    for f in 0..<Cell.factorCount {
      let factor = tapeFactors.base[(f * batch + b) * hidden + k]
      if factor == 0 { isWhole = false }
      factors[f] = ScaledNumber(factor)
    }
    // A factor that is 0 may be one that was lost.
    if isWhole || !isComputed { return }
    let (first, state) = (b * gates * hidden + k, b * hidden + k)
    Cell.wideFactors(
      of: WideUnit(
        currents: currents.base + first,
        recurrentCurrents: (Cell.keepsCurrentsApart ? recurrentCurrents.base : currents.base) + first,
        stride: hidden, previousHidden: h.base[state],
        previousCell: Cell.carriesCellState ? before.base[state] : 0,
        cell: Cell.carriesCellState ? after.base[state] : 0,
        complement: hasComplements ? complements.base[state] : nil, error: 0),
      into: factors)
  }

  /// W_ih x_t + b_ih (+) W_hh h_{t−1} + b_hh.
  private func computeCurrents(_ step: TapeStep<Cell.Element>) {
    let (states, rows) = (batch * hidden, gates * hidden)
    if let tokens = step.tokens {
      x.base.update(repeating: 0, count: batch * inputs)
      for b in 0..<batch { x.base[b * inputs + Int(tokens[b])] = 1 }
    } else {
      Cell.Element.widen(batch * inputs, step.input, into: x.base)
    }
    Cell.Element.widen(states, step.previousHidden, into: h.base)
    if let previous = step.previousCell, let cell = step.cell {
      Cell.Element.widen(states, previous, into: before.base)
      Cell.Element.widen(states, cell, into: after.base)
    }
    hasComplements = step.previousComplement != nil
    if let row = step.previousComplement { complements.base.update(from: row, count: states) }
    let apart = Cell.keepsCurrentsApart
    let recurrent = apart ? recurrentCurrents.base : currents.base
    parameters.biasHH.withUnsafeBufferPointer { biasHH in
      Double.fillRows(
        count: batch, width: rows, parameters.biasIH, apart ? nil : biasHH.baseAddress!, into: currents.base)
      if apart { Double.fillRows(count: batch, width: rows, biasHH.baseAddress!, nil, into: recurrent) }
    }
    Double.multiply(
      transposeB: true, m: batch, n: rows, k: inputs, x.base, parameters.weightIH.values, accumulates: true,
      into: currents.base)
    Double.multiply(
      transposeB: true, m: batch, n: rows, k: hidden, h.base, parameters.weightHH.values, accumulates: true,
      into: recurrent)
  }
}
