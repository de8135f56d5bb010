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
    var work = takeWorkspace(rows: rows)
    var readout = ReadoutWorkspace(readout: loss.readout, batch: batch)
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
              step: t, of: shape, hidden: tape.hidden(t), gradient: work.immediate.base,
              workspace: &readout)
            hasPowers = loss.exponents(step: t, of: shape, into: work.powers.base)
            work.vector.add(
              immediate: work.immediate.base, powers: hasPowers ? UnsafePointer(work.powers.base) : nil)
          }
          work.vector.renormalise(threshold: threshold)
          probe.arrive(
            GradientArrival(
              time: t, batch: batch, hiddenSize: hidden, total: work.vector.delta,
              totalNorms: work.vector.norms.base, exponents: work.vector.exponents.base,
              immediate: reads ? UnsafePointer(work.immediate.base) : nil,
              immediateExponents: hasPowers ? UnsafePointer(work.powers.base) : nil, initialCell: nil))
          var coefficients: UnsafePointer<ScaledNumber>?
          if clips {
            let clipped = work.vector.clip(clip, threshold: threshold)
            coefficients = clipped.coefficients
            engaged += clipped.engaged
          }

          let row = t - steps.lowerBound
          let gamma = work.weights.gamma(row)
          let gammaHidden = work.weights.gammaHidden(row)
          work.weights.note(row, exponentsOf: work.vector)
          cell.backward(
            BackwardStep(
              batch: batch, hiddenSize: hidden, delta: work.vector.delta, factors: tape.factors(t),
              carry: work.vector.carry.base, kappa: work.vector.kappa.base, gamma: gamma,
              gammaHidden: gammaHidden, bypass: work.vector.next))
          probe.step(
            GradientStep(
              time: t, batch: batch, hiddenSize: hidden, inputSize: shape.inputSize,
              gateCount: Cell.gateCount, exponents: work.vector.exponents.base,
              clipCoefficients: coefficients,
              cell: Cell.carriesCellState ? UnsafePointer(work.vector.kappa.base) : nil,
              preactivation: gamma, recurrentPreactivation: gammaHidden,
              previousHidden: tape.hidden(t - 1),
              input: x.baseAddress! + (t - 1) * batch * shape.inputSize,
              factors: tape.factors(t)))
          // δ_{t−1} = γ_t W_hh (+ bypass)
          products.backward(gammaHidden, products.weightHH.base, into: work.vector.next)
          probe.depart(
            GradientDeparture(
              time: t, batch: batch, hiddenSize: hidden, gradient: work.vector.next,
              recurrentPreactivation: gammaHidden, exponents: work.vector.exponents.base))
          work.vector.advance()
        }
        work.weights.accumulate(
          steps: steps.count, previousHidden: tape.hidden(steps.lowerBound - 1),
          inputs: x.baseAddress! + (steps.lowerBound - 1) * batch * shape.inputSize,
          largestOperand: magnitudes.base[index], products: products.segment(of: steps.count))
      }
    }
    work.vector.renormalise(threshold: threshold)
    probe.arrive(
      GradientArrival(
        time: 0, batch: batch, hiddenSize: hidden, total: work.vector.delta,
        totalNorms: work.vector.norms.base, exponents: work.vector.exponents.base, immediate: nil,
        immediateExponents: nil,
        initialCell: Cell.carriesCellState ? UnsafePointer(work.vector.carry.base) : nil))
    probe.finish()

    let looked: Int
    switch clip {
    case .none, .batch: looked = shape.steps
    case .example: looked = shape.steps * batch
    }
    let gradients = work.weights.gradients(readout: loss.readout == nil ? nil : readout)
    workspace = consume work
    return BackwardResult(
      loss: total, gradients: gradients, clippedFraction: Double(engaged) / Double(looked))
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
