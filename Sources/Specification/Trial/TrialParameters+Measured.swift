import GradientFlow

/// What a trial measures, as far as its parameters tell: asked for wherever numbers are compared with theory, drawn or
/// put into words.
extension TrialParameters {
  /// The steps whose states the loss reads.
  public var lossPlacement: LossPlacement {
    loss.isOfTask ? task.placement(steps: sequenceLength) : loss.placement
  }

  /// Whether the loss reads more steps than one. Each then adds a fresh immediate gradient on the way back, so that
  /// total norms look flat even where gradients vanish.
  public var hasLossAtEveryStep: Bool { lossPlacement.count(of: sequenceLength) > 1 }

  /// Whether the decay rate is what theory speaks of: the slope of a gradient that enters at the end and is not clipped
  /// on its way.
  public var hasPlainDecay: Bool { !hasLossAtEveryStep && clip.stepClip == .none }

  /// Standard deviation of a unit's input current W_ih x_t, by all that enters W_ih: the s of every theory. A parameter that
  /// changes what enters has its effect on theories here.
  public var inputDeviation: Double { inputScale }

  /// Whether h and c are exactly 0 at every step: no input and no first state, in a network as it is drawn. Gradients
  /// are then those of the linearisation at this fixed point, stable or not, and not of what the network does without
  /// input. Never of linear cells, whose gradients are the same everywhere.
  public var staysAtZero: Bool {
    inputDeviation == 0 && initialStateScale == 0 && training == nil && cell != .rnnLinear
  }

  /// The nonlinearity of the mean field of a plain RNN; nil where there is none that speaks of this trial.
  ///
  /// At the fixed point 0 a tanh unit is linear. A rectified one passes nothing back there, and without input only few
  /// of them go on firing, which is no random half.
  public var meanFieldActivation: Activation? {
    guard hasOneLayer, let activation = Activation(cell), inputDeviation <= Self.largestInputScale else {
      return nil
    }
    guard inputDeviation == 0 else { return activation }
    if activation == .relu { return nil }
    return staysAtZero ? .linear : activation
  }

  /// Whether the dynamic mean field of an LSTM speaks of this trial. It starts at the zero state with the first measured
  /// step, and takes inputs to be independent in time.
  public var hasTiedMeanField: Bool {
    hasOneLayer && cell == .lstm && task.kind == .gaussianNoise && inputDeviation <= Self.largestInputScale
      && (staysAtZero || (initialStateScale == 0 && washout == 0))
  }

  /// Input currents beyond which every unit is saturated and no theory is asked.
  private static let largestInputScale = 1e6
}
