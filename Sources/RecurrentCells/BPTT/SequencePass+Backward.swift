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

  public init(loss: Double, gradients: ParameterGradients<Element>, clippedFraction: Double) {
    self.loss = loss
    self.gradients = gradients
    self.clippedFraction = clippedFraction
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
  /// - Precondition: the forward pass did not diverge.
  @inlinable
  public mutating func backward<Probe: BackwardProbe & ~Copyable>(
    loss: any SequenceLoss<Element>, clip: StepClip = .none,
    rescalingThreshold: Int = Element.defaultRescalingThreshold, probe: inout Probe
  ) -> BackwardResult<Element> where Probe.Element == Element {
    precondition(divergedAt == nil, "no gradients: the forward pass diverged at step \(divergedAt!)")
    return withDenormalsFlushed {
      walk(loss: loss, clip: clip, threshold: rescalingThreshold, probe: &probe)
    }
  }

  /// The same without a probe.
  @inlinable
  public mutating func backward(
    loss: any SequenceLoss<Element>, clip: StepClip = .none,
    rescalingThreshold: Int = Element.defaultRescalingThreshold
  ) -> BackwardResult<Element> {
    var probe = NoProbe<Element>()
    return backward(loss: loss, clip: clip, rescalingThreshold: rescalingThreshold, probe: &probe)
  }

  @inlinable
  mutating func walk<Probe: BackwardProbe & ~Copyable>(
    loss: any SequenceLoss<Element>, clip: StepClip, threshold: Int, scaledSums: Bool = false,
    probe: inout Probe
  ) -> BackwardResult<Element> where Probe.Element == Element {
    let (batch, hidden) = (shape.batch, shape.hiddenSize)
    let rows = Cell.gateCount * hidden
    var work = takeWorkspace(rows: rows)
    var readout = ReadoutWorkspace(readout: loss.readout, batch: batch)
    let placement = loss.placement
    let clips = clip != .none
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

    for index in (0..<plan.count).reversed() {
      let steps = plan.steps(of: index, total: shape.steps)
      if plan.checkpoints {
        tape.restore(segment: index, before: steps.lowerBound)
        forward(steps)
      }
      inputs.withUnsafeBufferPointer { x in
        for t in steps.reversed() {
          let reads = placement.includes(t, of: shape.steps)
          var hasPowers = false
          if reads {
            total += loss.evaluate(
              step: t, of: shape, hidden: tape.hidden(t), gradient: work.immediate.base,
              workspace: &readout)
            hasPowers = loss.exponents(
              step: t, of: shape, workspace: readout, into: work.powers.base)
            let powers = hasPowers ? UnsafePointer(work.powers.base) : nil
            if wide == nil, !work.vector.add(immediate: work.immediate.base, powers: powers) {
              wide = widen(work.vector, &spare)
            }
            wide?.add(immediate: work.immediate.base, powers: powers)
          }
          if wide == nil, !work.vector.renormalise(threshold: threshold) {
            wide = widen(work.vector, &spare)
          }
          wide?.render(into: work.vector)
          probe.arrive(
            GradientArrival(
              time: t, batch: batch, hiddenSize: hidden, total: work.vector.delta,
              totalNorms: work.vector.norms.base, exponents: work.vector.exponents.base,
              immediate: reads ? UnsafePointer(work.immediate.base) : nil,
              immediateExponents: hasPowers ? UnsafePointer(work.powers.base) : nil, initialCell: nil,
              initialCellExponents: work.vector.exponents.base, wideTotal: wide?.delta.view,
              wideInitialCell: nil))
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

          let row = t - steps.lowerBound
          let gamma = work.weights.gamma(row)
          let gammaHidden = work.weights.gammaHidden(row)
          if wide == nil {
            let current = BackwardStep(
              batch: batch, hiddenSize: hidden, delta: work.vector.delta, factors: tape.factors(t),
              carry: work.vector.carry, nextCarry: work.vector.nextCarry,
              kappa: work.vector.kappa.base, gamma: gamma, gammaHidden: gammaHidden,
              bypass: work.vector.next)
            backward(current)
            if tape.hasLostFactors(t) || RangeExceptions.happened {
              // It may have been a probe, or the loss: the step alone, once more.
              RangeExceptions.forget()
              backward(current)
              if tape.hasLostFactors(t) || RangeExceptions.happened,
                Probe.seesComponents || !work.vector.leavesInFull(gamma, gammaHidden, gates: Cell.gateCount)
              {
                wide = widen(work.vector, &spare)
              }
              RangeExceptions.forget()
            }
          }
          if let wide {
            wide.step(step(t, inputs: x.baseAddress!), keepsFactors: Probe.seesComponents)
            wide.render(gamma: gamma, hidden: gammaHidden, into: work.vector)
          }
          // An ordinary step has one set of exponents.
          let powers = UnsafePointer(work.vector.exponents.base)
          let gammaPowers = wide.map { UnsafePointer($0.gammaPowers.base) } ?? powers
          let gammaHiddenPowers = wide.map { UnsafePointer($0.gammaHiddenPowers.base) } ?? powers
          work.weights.note(
            row, gamma: gammaPowers, gammaHidden: gammaHiddenPowers,
            trueExponents: wide == nil ? UnsafePointer(work.vector.trueExponents.base) : nil)
          probe.step(
            GradientStep(
              time: t, batch: batch, hiddenSize: hidden, inputSize: shape.inputSize,
              gateCount: Cell.gateCount, exponents: gammaPowers, recurrentExponents: gammaHiddenPowers,
              cellExponents: wide.map { UnsafePointer($0.kappaPowers.base) } ?? powers,
              wide: wide?.gradients, clipCoefficients: coefficients,
              cell: Cell.carriesCellState ? UnsafePointer(work.vector.kappa.base) : nil,
              preactivation: gamma, recurrentPreactivation: gammaHidden,
              previousHidden: tape.hidden(t - 1),
              input: x.baseAddress! + (t - 1) * batch * shape.inputSize,
              factors: tape.factors(t)))
          probe.depart(
            GradientDeparture(
              time: t, batch: batch, hiddenSize: hidden, gradient: work.vector.next,
              recurrentPreactivation: gammaHidden,
              exponents: wide.map { UnsafePointer($0.leavingPowers.base) } ?? powers,
              recurrentExponents: gammaHiddenPowers))
          if let recursion = wide, recursion.leave(into: work.vector) { wide = nil }
          work.vector.advance()
        }
        work.weights.accumulate(
          steps: steps.count, previousHidden: tape.hidden(steps.lowerBound - 1),
          inputs: x.baseAddress! + (steps.lowerBound - 1) * batch * shape.inputSize,
          products: products.segment(of: steps.count))
      }
    }
    if wide == nil, !work.vector.renormalise(threshold: threshold) {
      wide = widen(work.vector, &spare)
    }
    wide?.render(into: work.vector)
    probe.arrive(
      GradientArrival(
        time: 0, batch: batch, hiddenSize: hidden, total: work.vector.delta,
        totalNorms: work.vector.norms.base, exponents: work.vector.exponents.base, immediate: nil,
        immediateExponents: nil,
        initialCell: Cell.carriesCellState ? UnsafePointer(work.vector.carry) : nil,
        initialCellExponents: wide.map { UnsafePointer($0.carryPowers.base) }
          ?? UnsafePointer(work.vector.exponents.base),
        wideTotal: wide?.delta.view,
        wideInitialCell: Cell.carriesCellState ? wide?.carry.view : nil))
    probe.finish()

    let looked: Int
    switch clip {
    case .none, .batch: looked = shape.steps
    case .example: looked = shape.steps * batch
    }
    let isCertain = work.weights.isCertain(
      largestOperand: largestOperand, terms: shape.steps * batch)
    var gradients = work.weights.gradients(readout: loss.readout == nil ? nil : readout)
    workspace = consume work
    if !isCertain {
      var none = NoProbe<Element>()
      gradients = walk(loss: loss, clip: clip, threshold: threshold, scaledSums: true, probe: &none).gradients
    }
    return BackwardResult(
      loss: total, gradients: gradients, clippedFraction: Double(engaged) / Double(looked))
  }

  /// One ordinary step: δ_{t−1} = γ_t W_hh (+ bypass).
  @inlinable @inline(__always)
  func backward(_ step: BackwardStep<Element>) {
    cell.backward(step)
    products.backward(step.gammaHidden, products.weightHH.base, into: step.bypass)
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
  @usableFromInline
  mutating func takeWorkspace(rows: Int) -> BackwardWorkspace<Element> {
    guard var known = workspace.take() else {
      return BackwardWorkspace(
        shape: shape, rows: rows, capacity: plan.length, carriesCellState: Cell.carriesCellState,
        apart: Cell.keepsCurrentsApart)
    }
    known.reset()
    return known
  }
}
