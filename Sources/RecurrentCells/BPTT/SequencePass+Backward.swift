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
    loss: any SequenceLoss<Element>, clip: StepClip, threshold: Int, probe: inout Probe
  ) -> BackwardResult<Element> where Probe.Element == Element {
    let (batch, hidden) = (shape.batch, shape.hiddenSize)
    let rows = Cell.gateCount * hidden
    var vector = BackwardVector<Element>(
      batch: batch, width: hidden, carriesCellState: Cell.carriesCellState)
    var weights = WeightGradientAccumulator<Element>(
      shape: shape, rows: rows, capacity: plan.length, apart: Cell.keepsCurrentsApart)
    var readout = ReadoutWorkspace(readout: loss.readout, batch: batch)
    let immediate = AlignedBuffer<Element>(count: shape.stateCount)
    let powers = AlignedBuffer<Int>(count: batch)
    let placement = loss.placement
    let clips = clip != .none
    var total = 0.0
    var engaged = 0

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
              step: t, of: shape, hidden: tape.hidden(t), gradient: immediate.base,
              workspace: &readout)
            hasPowers = loss.exponents(step: t, of: shape, into: powers.base)
            vector.add(immediate: immediate.base, powers: hasPowers ? UnsafePointer(powers.base) : nil)
          }
          vector.renormalise(threshold: threshold)
          probe.arrive(
            GradientArrival(
              time: t, batch: batch, hiddenSize: hidden, total: vector.delta,
              totalNorms: vector.norms.base, exponents: vector.exponents.base,
              immediate: reads ? UnsafePointer(immediate.base) : nil,
              immediateExponents: hasPowers ? UnsafePointer(powers.base) : nil, initialCell: nil))
          var coefficients: UnsafePointer<ScaledNumber>?
          if clips {
            let clipped = vector.clip(clip, threshold: threshold)
            coefficients = clipped.coefficients
            engaged += clipped.engaged
          }

          let row = t - steps.lowerBound
          let gamma = weights.gamma(row)
          let gammaHidden = weights.gammaHidden(row)
          weights.note(row, exponentsOf: vector)
          cell.backward(
            BackwardStep(
              batch: batch, hiddenSize: hidden, delta: vector.delta, factors: tape.factors(t),
              carry: vector.carry.base, kappa: vector.kappa.base, gamma: gamma,
              gammaHidden: gammaHidden, bypass: vector.next))
          probe.step(
            GradientStep(
              time: t, batch: batch, hiddenSize: hidden, inputSize: shape.inputSize,
              gateCount: Cell.gateCount, exponents: vector.exponents.base,
              clipCoefficients: coefficients,
              cell: Cell.carriesCellState ? UnsafePointer(vector.kappa.base) : nil,
              preactivation: gamma, recurrentPreactivation: gammaHidden,
              previousHidden: tape.hidden(t - 1),
              input: x.baseAddress! + (t - 1) * batch * shape.inputSize,
              factors: tape.factors(t)))
          // δ_{t−1} = γ_t W_hh (+ bypass)
          products.backward(gammaHidden, products.weightHH.base, into: vector.next)
          vector.advance()
        }
        weights.accumulate(
          steps: steps.count, previousHidden: tape.hidden(steps.lowerBound - 1),
          inputs: x.baseAddress! + (steps.lowerBound - 1) * batch * shape.inputSize,
          largestOperand: magnitudes.base[index], products: products.segment(of: steps.count))
      }
    }
    vector.renormalise(threshold: threshold)
    probe.arrive(
      GradientArrival(
        time: 0, batch: batch, hiddenSize: hidden, total: vector.delta,
        totalNorms: vector.norms.base, exponents: vector.exponents.base, immediate: nil,
        immediateExponents: nil, initialCell: Cell.carriesCellState ? UnsafePointer(vector.carry.base) : nil))
    probe.finish()

    let looked: Int
    switch clip {
    case .none, .batch: looked = shape.steps
    case .example: looked = shape.steps * batch
    }
    return BackwardResult(
      loss: total, gradients: weights.gradients(readout: loss.readout == nil ? nil : readout),
      clippedFraction: Double(engaged) / Double(looked))
  }
}
