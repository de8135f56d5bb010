import LinearAlgebra

/// One cell on one batch of sequences: the forward pass with its tape, and backward passes through it.
///
/// The time loop and every matrix product live here; the cell supplies what stands between. Input
/// projections and weight gradients are computed as large products over a segment of steps.
///
/// - Complexity: forward 2·G·B·H·(H + I) operations a step, backward twice that; memory O(T·B·H), or O(√T·B·H) when
///   the tape would exceed its budget (see ``SegmentPlan``). No heap allocation depends on T inside the loop.
public struct SequencePass<Cell: RecurrentCell>: ~Copyable {
  public typealias Element = Cell.Element

  /// The cell.
  @inlinable public var cell: Cell { currentCell }
  /// Its sizes.
  public let shape: SequenceShape
  /// How the time axis is cut.
  public let plan: SegmentPlan
  /// x [T, B, I], or [rows, I] as ``SequenceLengths`` packs them.
  public var inputs: [Element] {
    if let tokens { return oneHotRows(tokens.map { Int($0) }, width: shape.inputSize) }
    return withInputs {
      statesBelow == nil ? currentInputs : Array(UnsafeBufferPointer(start: $0.rows, count: shape.inputCount))
    }
  }
  /// The first step whose state is not finite, if the forward pass left the range of `Element`; BPTT has
  /// no meaning then. Of sequences of different lengths as the longest counts its steps.
  @inlinable public var divergedAt: Int? { divergence }

  @usableFromInline var currentCell: Cell
  /// x, unless it is ``statesBelow``; where x is of ``tokens``, empty until someone looks at its rows.
  @usableFromInline var currentInputs: [Element]
  /// x where it is what the layer below gave, on that layer's tape.
  @usableFromInline var statesBelow: UnsafePointer<Element>?
  /// The columns of the ones, where the rows of x are one-hot [rows]: then W_ih x_t is a column of W_ih.
  @usableFromInline var tokens: [Int32]?
  @usableFromInline var divergence: Int?
  @usableFromInline var tape: Tape<Element>
  /// Preactivation currents of a segment, rows of G·H, which make room for its γ on the way back, and, where the cell
  /// keeps them apart, of one step.
  @usableFromInline let currents, recurrentCurrent: AlignedBuffer<Element>
  /// The largest magnitude among the states and inputs of each segment.
  @usableFromInline let magnitudes: AlignedBuffer<Double>
  /// The prepared matrix products.
  @usableFromInline let products: RecurrentProducts<Element>
  /// That of the last walk; nil before the first and during one.
  @usableFromInline var workspace: BackwardWorkspace<Element>?

  /// Runs the forward pass.
  ///
  /// - Parameters:
  ///   - inputs: x [T, B, I], time-major, or [rows, I] as ``SequenceLengths`` packs them.
  ///   - initialState: h_0 and c_0 of every sequence; zero if nil.
  ///   - tapeBudget: bytes the tape may take before checkpoints are used.
  /// - Precondition: sizes agree with `shape` and the cell's parameters.
  @inlinable
  public init(
    cell: Cell, shape: SequenceShape, inputs: [Element], initialState: InitialState<Element>? = nil,
    tapeBudget: Int = SequencePass.defaultTapeBudget
  ) {
    let inputs = LayerInputs.rows(inputs)
    Self.check(cell, shape, inputs, initialState)
    self.init(cell, shape, inputs, initialState, tapeBudget)
  }

  @inlinable
  init(
    _ cell: Cell, _ shape: SequenceShape, _ inputs: LayerInputs<Element>,
    _ initialState: InitialState<Element>?, _ tapeBudget: Int
  ) {
    currentCell = cell
    (currentInputs, statesBelow, tokens) = inputs.parts
    self.shape = shape
    let currentCount = shape.batch * Cell.gateCount * shape.hiddenSize
    plan = Self.plan(shape: shape, tapeBudget: tapeBudget)
    tape = Tape(
      plan: plan, shape: shape, factorCount: Cell.factorCount, carriesCellState: Cell.carriesCellState)
    currents = AlignedBuffer(
      uninitializedCount: plan.largestRowCount(of: shape) * Cell.gateCount * shape.hiddenSize)
    recurrentCurrent = AlignedBuffer(
      uninitializedCount: Cell.keepsCurrentsApart ? currentCount : 0)
    magnitudes = AlignedBuffer(uninitializedCount: plan.count)
    products = RecurrentProducts(
      parameters: cell.parameters, shape: shape, plan: plan, bypassesWeights: Cell.bypassesWeights)
    tape.start(initialState)
    withDenormalsFlushed { forward() }
  }

  /// Runs the forward pass again on the same memory: other sequences of the same shape, and other weights if a cell is
  /// given. For many passes this spares the system handing out the tape anew.
  ///
  /// - Precondition: as of the initialiser.
  @inlinable
  public mutating func run(
    cell: Cell? = nil, inputs: [Element], initialState: InitialState<Element>? = nil
  ) {
    let inputs = LayerInputs.rows(inputs)
    Self.check(cell ?? currentCell, shape, inputs, initialState)
    run(cell, inputs, initialState)
  }

  @inlinable
  mutating func run(
    _ cell: Cell?, _ inputs: LayerInputs<Element>, _ initialState: InitialState<Element>?
  ) {
    if let cell {
      currentCell = cell
      products.load(cell.parameters)
    }
    (currentInputs, statesBelow, tokens) = inputs.parts
    divergence = nil
    tape.start(initialState)
    withDenormalsFlushed { forward() }
  }

  @usableFromInline
  static func check(
    _ cell: Cell, _ shape: SequenceShape, _ inputs: LayerInputs<Element>, _ initial: InitialState<Element>?
  ) {
    let parameters = cell.parameters
    precondition(
      parameters.hiddenSize == shape.hiddenSize && parameters.inputSize == shape.inputSize
        && parameters.gateCount == Cell.gateCount,
      "parameters for I = \(parameters.inputSize), H = \(parameters.hiddenSize), \(parameters.gateCount) "
        + "gates do not fit I = \(shape.inputSize), H = \(shape.hiddenSize), \(Cell.gateCount) gates")
    switch inputs {
    case .rows(let values):
      precondition(
        values.count == shape.inputCount, "\(values.count) inputs for T·B·I = \(shape.inputCount)")
    case .tokens(let tokens):
      precondition(
        tokens.count == shape.rowCount && tokens.allSatisfy { (0..<shape.inputSize).contains(Int($0)) },
        "\(tokens.count) tokens for \(shape.rowCount) rows, all to be below I = \(shape.inputSize)")
    case .below: break
    }
    guard let initial else { return }
    precondition(
      initial.hidden.count == shape.stateCount
        && (initial.cell?.count ?? shape.stateCount) == shape.stateCount,
      "an initial state has B·H = \(shape.stateCount) elements")
  }

  /// Bytes the tape may take before checkpoints are used: 256 MiB.
  @inlinable public static var defaultTapeBudget: Int { 1 << 28 }

  @inlinable
  static func plan(shape: SequenceShape, tapeBudget: Int) -> SegmentPlan {
    let states = Cell.carriesCellState ? 2 : 1
    // B, or what a step has in the mean.
    let rows = (shape.rowCount + shape.steps - 1) / shape.steps
    return SegmentPlan(
      steps: shape.steps, stateElements: states * shape.stateCount,
      tapeElements: (states + Cell.factorCount) * rows * shape.hiddenSize,
      currentElements: rows * Cell.gateCount * shape.hiddenSize,
      budget: tapeBudget / MemoryLayout<Element>.stride)
  }

  /// h_t for t in 0…T as plain numbers [B, H], if it is still on the tape (always, without checkpoints). Of sequences of
  /// different lengths, of the first ``SequenceShape/states(at:)``.
  public func hiddenState(_ t: Int) -> [Element]? {
    guard !plan.checkpoints, (0...shape.steps).contains(t) else { return nil }
    return Array(UnsafeBufferPointer(start: tape.hidden(t), count: shape.states(at: t) * shape.hiddenSize))
  }

  /// c_t, likewise; nil for a cell without c.
  public func cellState(_ t: Int) -> [Element]? {
    guard Cell.carriesCellState, !plan.checkpoints, (0...shape.steps).contains(t) else { return nil }
    return Array(UnsafeBufferPointer(start: tape.cell(t), count: shape.states(at: t) * shape.hiddenSize))
  }

  // MARK: - Forward

  @inlinable
  mutating func forward() {
    if !forwardAll() {
      tape.startWithComplements(gateCount: Cell.gateCount)
      _ = forwardAll()
    }
  }

  /// - Returns: false where the pass is to begin again, with what states lack to ±1 beside them.
  @inlinable
  mutating func forwardAll() -> Bool {
    for index in 0..<plan.count {
      let steps = plan.steps(of: index, total: shape.steps)
      if plan.checkpoints {
        if index > 0 { tape.slide(to: steps.lowerBound) }
        tape.save(segment: index, before: steps.lowerBound)
      }
      if !forward(steps) { return false }
      let first = tape.hidden(steps.lowerBound - 1)
      let end = tape.hidden(steps.upperBound) + tape.states(at: steps.upperBound) * shape.hiddenSize
      let states = Element.largestMagnitude(end - first, first)
      let (before, rows) = (tape.firstRow(of: steps.lowerBound), rowCount(of: steps))
      let inputs =
        tokens != nil
        ? 1
        : withInputs { Element.largestMagnitude(rows * shape.inputSize, $0.rows + before * shape.inputSize) }
      magnitudes.base[index] = max(states, inputs)
      if !states.isFinite {
        let own = tape.hidden(steps.lowerBound)
        if let k = Element.firstNonFinite(end - own, own) {
          divergence = steps.first { tape.hidden($0) + tape.states(at: $0) * shape.hiddenSize > own + k }
          return true
        }
      }
    }
    return true
  }

  /// Computes a segment whose preceding state is on the tape, and notes the steps of which a factor fell below the range.
  ///
  /// - Returns: false where factors may have been differences of states without digits.
  @inlinable @discardableResult
  func forward(_ steps: ClosedRange<Int>) -> Bool {
    if tape.carriesComplements {
      forward(steps, watches: true)
      return true
    }
    RangeExceptions.forget()
    forward(steps, watches: false)
    guard Cell.losesFactors else { return true }
    if RangeExceptions.happened {
      // Which steps it was, if it was the cell: the same numbers once more, with a look after each.
      forward(steps, watches: true)
      return !Cell.subtractsStates || !tape.hasLosses(steps)
    }
    tape.noteNoLosses(steps)
    return true
  }

  @inlinable
  func forward(_ steps: ClosedRange<Int>, watches: Bool) {
    let rows = Cell.gateCount * shape.hiddenSize
    let apart = Cell.keepsCurrentsApart
    let before = tape.firstRow(of: steps.lowerBound)
    cell.parameters.biasIH.withUnsafeBufferPointer { bIH in
      cell.parameters.biasHH.withUnsafeBufferPointer { bHH in
        project(steps, bIH.baseAddress!, apart ? nil : bHH.baseAddress!)
        for t in steps {
          let batch = tape.count(at: t)
          let current = currents.base + (tape.firstRow(of: t) - before) * rows
          let target = apart ? recurrentCurrent.base : current
          if apart {
            Element.fillRows(count: batch, width: rows, bHH.baseAddress!, nil, into: target)
          }
          // + W_hh h_{t−1}
          if batch == shape.batch {
            products.recurrent(tape.hidden(t - 1), products.weightHHTransposed.base, into: target)
          } else {
            products.step(of: batch).recurrent(
              tape.hidden(t - 1), products.weightHHTransposed.base, into: target)
          }
          if watches { RangeExceptions.forget() }
          let step = ForwardStep(t, on: tape, current: current, recurrentCurrent: target)
          cell.forward(step)
          if watches {
            var isLost = RangeExceptions.happened
            if Cell.subtractsStates && tape.carriesComplements {
              isLost = complete(t, step, isFirst: t == steps.lowerBound, mayBeLost: isLost)
            }
            tape.note(lostFactors: isLost, t)
          }
          tape.join(t)
        }
      }
    }
  }

  /// W_ih x_t + b_ih (+ b_hh) of a whole segment. Of tokens it is W_ih's columns that are added: no product is formed.
  @inlinable
  func project(
    _ steps: ClosedRange<Int>, _ biasIH: UnsafePointer<Element>, _ biasHH: UnsafePointer<Element>?
  ) {
    let width = Cell.gateCount * shape.hiddenSize
    let (before, count) = (tape.firstRow(of: steps.lowerBound), rowCount(of: steps))
    withInputs { x in
      if let tokens = x.tokens {
        Element.gatherRows(
          count: count, width: width, places: tokens + before, from: products.weightIHTransposed.base,
          adding: biasIH, biasHH, into: currents.base)
      } else {
        Element.fillRows(count: count, width: width, biasIH, biasHH, into: currents.base)
        products.project(x.rows + before * shape.inputSize, count: count, into: currents.base)
      }
    }
  }
}

extension SequencePass {
  /// Writes the rows of x out, where it is of tokens and someone looks at them.
  @usableFromInline
  mutating func writeTokensOut() {
    if tokens != nil, currentInputs.isEmpty { currentInputs = inputs }
  }

  /// x, wherever it stands.
  @inlinable
  func withInputs<Result, Failure: Error>(
    _ body: (InputRows<Element>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if let statesBelow { return try body(InputRows(rows: statesBelow, tokens: nil)) }
    guard let tokens else {
      return try currentInputs.withUnsafeBufferPointer { x throws(Failure) in
        try body(InputRows(rows: x.baseAddress!, tokens: nil))
      }
    }
    return try tokens.withUnsafeBufferPointer { columns throws(Failure) in
      try currentInputs.withUnsafeBufferPointer { x throws(Failure) in
        // Not written out, they are no one's to read: any memory does.
        try body(
          InputRows(
            rows: currentInputs.isEmpty ? UnsafePointer(tape.hiddenRows.base) : x.baseAddress!,
            tokens: columns.baseAddress!))
      }
    }
  }

  /// The rows of some steps.
  @inlinable
  func rowCount(of steps: ClosedRange<Int>) -> Int {
    tape.firstRow(of: steps.upperBound + 1) - tape.firstRow(of: steps.lowerBound)
  }
}

extension ForwardStep {
  /// Step t, whose rows are on the tape.
  @inlinable @inline(__always)
  init(
    _ t: Int, on tape: borrowing Tape<Element>, current: UnsafePointer<Element>,
    recurrentCurrent: UnsafePointer<Element>
  ) {
    batch = tape.count(at: t)
    hiddenSize = tape.width
    self.current = current
    self.recurrentCurrent = recurrentCurrent
    let (before, after) = (tape.stateOffset(t - 1), tape.stateOffset(t))
    let hasCell = tape.carriesCellState
    previousHidden = UnsafePointer(tape.hiddenRows.base + before)
    previousCell = UnsafePointer(tape.cellRows.base + (hasCell ? before : 0))
    hidden = tape.hiddenRows.base + after
    cell = tape.cellRows.base + (hasCell ? after : 0)
    factors = tape.factors(t)
  }
}
