import LinearAlgebra

/// What a backward pass returns beside what its probe recorded.
public struct BackwardResult<Element: Scalar>: Sendable {
  /// L.
  public let loss: Double
  /// ∂L/∂parameters; with a step clip, what the clipped recursion gives.
  public let gradients: ParameterGradients<Element>
  /// Of the norms a step clip looked at (one a step, or one a step and batch element), the share that exceeded
  /// its threshold; 0 without a step clip.
  public let clippedFraction: Double
  /// How many norms it looked at.
  public let comparedNorms: Int

  public init(
    loss: Double, gradients: ParameterGradients<Element>, clippedFraction: Double, comparedNorms: Int = 0
  ) {
    self.loss = loss
    self.gradients = gradients
    self.clippedFraction = clippedFraction
    self.comparedNorms = comparedNorms
  }
}

extension SequencePass {
  /// Walks the tape from T to 1.
  ///
  ///     δ_t = d_t + (what came from t+1);  γ_t from the cell;  δ_{t−1} = γ_t W_hh (+ bypass)
  ///     ∂L/∂W_hh = Σ_t γ_tᵀ h_{t−1},  ∂L/∂W_ih = Σ_t γ_tᵀ x_t,  ∂L/∂b = Σ_t Σ_b γ_t[b]
  ///
  /// May be called again, with another loss, clip or probe: the tape stays.
  ///
  /// - Parameters:
  ///   - rescalingThreshold: the power of two the backward vector may drift before it is rescaled; every
  ///     value gives the same bits.
  ///   - finalCell: ∂L/∂c_T from outside, of a cell with c.
  ///   - inputGradients: filled with ∂L/∂x_t, if given.
  ///   - initialGradients: filled with ∂L/∂h_0 and ∂L/∂c_0, if given.
  /// - Precondition: the forward pass did not diverge.
  @inlinable
  public mutating func backward<Probe: BackwardProbe & ~Copyable>(
    loss: any SequenceLoss<Element>, clip: StepClip = .none,
    rescalingThreshold: Int = Element.defaultRescalingThreshold,
    finalCell: FinalCellGradient<Element>? = nil, inputGradients: InputGradients<Element>? = nil,
    initialGradients: InitialStateGradients<Element>? = nil, probe: inout Probe
  ) -> BackwardResult<Element> where Probe.Element == Element {
    precondition(divergedAt == nil, "no gradients: the forward pass diverged at step \(divergedAt!)")
    return withDenormalsFlushed {
      walk(
        loss: loss, clip: clip, threshold: rescalingThreshold, seesNorms: Probe.seesNorms,
        seesComponents: Probe.seesComponents, seesInputs: Probe.seesInputs, finalCell: finalCell,
        inputGradients: inputGradients, initialGradients: initialGradients, probe: &probe)
    }
  }

  /// The same with a probe that the time loop reaches by calls, so that all such probes have one loop and no compiler
  /// makes one for each: half a second and 13 kB for every probe, cell and precision. A step takes some 20 ns more.
  @inlinable
  public mutating func backward<Probe: BackwardProbe & ~Copyable>(
    loss: any SequenceLoss<Element>, clip: StepClip = .none,
    rescalingThreshold: Int = Element.defaultRescalingThreshold,
    finalCell: FinalCellGradient<Element>? = nil, inputGradients: InputGradients<Element>? = nil,
    initialGradients: InitialStateGradients<Element>? = nil, calling probe: inout Probe
  ) -> BackwardResult<Element> where Probe.Element == Element {
    precondition(divergedAt == nil, "no gradients: the forward pass diverged at step \(divergedAt!)")
    return withUnsafeMutablePointer(to: &probe) { probe in
      var calls = ProbeCalls(to: probe)
      return withDenormalsFlushed {
        walk(
          loss: loss, clip: clip, threshold: rescalingThreshold, seesNorms: Probe.seesNorms,
          seesComponents: Probe.seesComponents, seesInputs: Probe.seesInputs, finalCell: finalCell,
          inputGradients: inputGradients, initialGradients: initialGradients, probe: &calls)
      }
    }
  }

  /// The same without a probe.
  @inlinable
  public mutating func backward(
    loss: any SequenceLoss<Element>, clip: StepClip = .none,
    rescalingThreshold: Int = Element.defaultRescalingThreshold,
    finalCell: FinalCellGradient<Element>? = nil, inputGradients: InputGradients<Element>? = nil,
    initialGradients: InitialStateGradients<Element>? = nil
  ) -> BackwardResult<Element> {
    var probe = NoProbe<Element>()
    return backward(
      loss: loss, clip: clip, rescalingThreshold: rescalingThreshold, finalCell: finalCell,
      inputGradients: inputGradients, initialGradients: initialGradients, probe: &probe)
  }

  @inlinable
  mutating func walk<Probe: BackwardProbe & ~Copyable>(
    loss: any SequenceLoss<Element>, clip: StepClip, threshold: Int, seesNorms: Bool, seesComponents: Bool,
    seesInputs: Bool, finalCell: FinalCellGradient<Element>? = nil,
    inputGradients: InputGradients<Element>? = nil, initialGradients: InitialStateGradients<Element>? = nil,
    scaledSums: Bool = false, probe: inout Probe
  ) -> BackwardResult<Element> where Probe.Element == Element {
    let (rows, inputSize, allSteps) = (Cell.gateCount * shape.hiddenSize, shape.inputSize, shape.steps)
    var work = takeWorkspace(rows: rows)
    var readout = ReadoutWorkspace(readout: loss.readout, shape: shape, placement: loss.placement)
    let seesComponents = seesComponents || inputGradients != nil || initialGradients != nil
    let placement = loss.placement
    let clips = clip != .none
    let measures = clips || seesNorms
    var total = 0.0
    var engaged = 0
    // In place of the ordinary recursion while components lie too far apart for one exponent.
    var wide: WideRecursion<Cell>?
    var spare: WideRecursion<Cell>?
    let largestOperand = (0..<plan.count).reduce(0) { max($0, magnitudes.base[$1]) }
    // Products with states beyond the root of the range may leave it.
    if scaledSums || largestOperand > Double(Element.greatestFiniteMagnitude).squareRoot() {
      work.weights.useScaledSums()
    }
    if seesInputs || work.weights.usesScaled { writeTokensOut() }
    if let finalCell { work.vector.start(finalCell) }
    inputGradients?.prepare(for: products.whole.count, isRagged: tape.isRagged)
    initialGradients?.prepare()

    for index in (0..<plan.count).reversed() {
      let steps = plan.steps(of: index, total: shape.steps)
      if plan.checkpoints {
        tape.restore(segment: index, before: steps.lowerBound)
        forward(steps)
      }
      let (before, segmentRows) = (tape.firstRow(of: steps.lowerBound), rowCount(of: steps))
      withInputs { x in
        for t in steps.reversed() {
          let count = tape.count(at: t)
          let reads = placement.includes(t, of: allSteps)
          if reads {
            total += loss.evaluate(
              step: t, of: shape, hidden: tape.hidden(t), gradient: work.immediate.base,
              workspace: &readout)
            loss.writeExponents(step: t, of: shape, workspace: readout, into: work.powers.base)
            if wide == nil,
              !work.vector.add(immediate: work.immediate.base, powers: work.powers.base, rows: count)
            {
              wide = widen(work.vector, &spare)
            }
            wide?.add(immediate: work.immediate.base, powers: work.powers.base, rows: count)
          }
          if wide == nil, !work.vector.renormalise(threshold: threshold, measures: measures) {
            wide = widen(work.vector, &spare)
          }
          if let wide {
            wide.render(into: work.vector)
            probe.arrive(GradientArrival(t, count: count, work, isRead: reads, wide: wide))
          } else {
            probe.arrive(
              GradientArrival(t, count: count, work, isRead: reads, wide: nil as WideRecursion<Cell>?))
          }
          if count < work.vector.count {
            // Where they begin, sequences are left behind.
            initialGradients?.take(GradientArrival(t, count: count, work, isRead: reads, wide: wide))
            work.vector.count = count
            wide?.count = count
          }
          var coefficients: UnsafePointer<ScaledNumber>?
          if clips {
            let clipping: StepClipping
            if wide == nil {
              clipping = work.vector.clip(clip, threshold: threshold)
              if !clipping.isExact { wide = widen(work.vector, &spare) }
            } else {
              clipping = work.vector.coefficients(
                of: clip, norms: work.vector.norms.base, exponents: work.vector.exponents.base)
            }
            coefficients = clipping.coefficients
            engaged += clipping.engaged
            if let wide, let factors = coefficients { wide.clip(factors) }
          }

          let row = tape.firstRow(of: t) - before
          if wide == nil {
            backward(work.step(row, factors: tape.factors(t)))
            if tape.hasLostFactors(t) || RangeExceptions.happened {
              let step = work.step(row, factors: tape.factors(t))
              if losesAgain(step, t), seesComponents || !work.leavesInFull(step, gates: Cell.gateCount) {
                wide = widen(work.vector, &spare)
              }
            }
          }
          if let recursion = wide {
            let tapeStep = TapeStep(t, on: tape, inputs: x, inputSize: inputSize)
            recursion.step(tapeStep, keepsFactors: seesComponents)
            recursion.render(
              gamma: work.weights.gamma(row), hidden: work.weights.gammaHidden(row), into: work.vector)
            work.report(tapeStep, row, wide: recursion, coefficients: coefficients, to: &probe)
            inputGradients?.take(recursion.gamma.view, row: row, count: count, after: before)
            if recursion.leave(into: work.vector) { wide = nil }
          } else {
            // Made here, so that an ordinary step pays for what its probe reads alone.
            work.report(
              TapeStep(t, on: tape, inputs: x, inputSize: inputSize), row,
              wide: nil as WideRecursion<Cell>?, coefficients: coefficients, to: &probe)
          }
          work.vector.advance()
        }
        inputGradients?.take(
          work.weights.gamma(0), exponents: work.weights.storedExponents.base, count: segmentRows,
          after: before)
        work.weights.accumulate(
          count: segmentRows, previousHidden: tape.hidden(steps.lowerBound - 1),
          inputs: x.rows + before * shape.inputSize, tokens: x.tokens.map { $0 + before },
          products: products)
      }
    }
    if wide == nil, !work.vector.renormalise(threshold: threshold, measures: measures) {
      wide = widen(work.vector, &spare)
    }
    wide?.render(into: work.vector)
    let arrival = GradientArrival(0, count: 0, work, isRead: false, wide: wide)
    probe.arrive(arrival)
    initialGradients?.take(arrival)
    probe.finish()

    let looked: Int
    switch clip {
    case .none, .batch: looked = shape.steps
    case .example: looked = shape.rowCount
    }
    let isCertain = work.weights.isCertain(
      largestOperand: largestOperand, terms: shape.rowCount)
    var gradients = work.weights.gradients(readout: loss.readout == nil ? nil : readout)
    workspace = consume work
    if !isCertain {
      var none = NoProbe<Element>()
      gradients =
        walk(
          loss: loss, clip: clip, threshold: threshold, seesNorms: false, seesComponents: false,
          seesInputs: false, finalCell: finalCell, scaledSums: true, probe: &none
        ).gradients
    }
    return BackwardResult(
      loss: total, gradients: gradients, clippedFraction: Double(engaged) / Double(looked),
      comparedNorms: looked)
  }

  /// One ordinary step: δ_{t−1} = γ_t W_hh (+ bypass).
  @inlinable @inline(__always)
  func backward(_ step: BackwardStep<Element>) {
    cell.backward(step)
    if step.batch == shape.batch {
      products.backward(step.gammaHidden, products.weightHH.base, into: step.bypass)
    } else {
      products.step(of: step.batch).backward(step.gammaHidden, products.weightHH.base, into: step.bypass)
    }
  }

  /// Step t once more, since what left the range may have been of a probe or a loss.
  ///
  /// - Returns: whether it was of the step.
  @inlinable @inline(never)
  func losesAgain(_ step: BackwardStep<Element>, _ t: Int) -> Bool {
    RangeExceptions.forget()
    backward(step)
    defer { RangeExceptions.forget() }
    return tape.hasLostFactors(t) || RangeExceptions.happened
  }

  /// The recursion for components of any size, with what the ordinary one holds.
  ///
  /// - Parameter spare: that of this walk; made when first needed.
  @usableFromInline
  func widen(
    _ vector: borrowing BackwardVector<Element>, _ spare: inout WideRecursion<Cell>?
  ) -> WideRecursion<Cell> {
    let recursion = spare ?? WideRecursion(parameters: cell.parameters, batch: shape.batch)
    spare = recursion
    recursion.enter(vector)
    return recursion
  }

  /// The memory of the last walk, or new one.
  @inlinable
  mutating func takeWorkspace(rows: Int) -> BackwardWorkspace<Element> {
    guard var known = workspace.take() else {
      return BackwardWorkspace(
        shape: shape, rows: rows, capacity: plan.largestRowCount(of: shape),
        carriesCellState: Cell.carriesCellState, apart: Cell.keepsCurrentsApart, gamma: currents.base)
    }
    known.reset()
    return known
  }
}
