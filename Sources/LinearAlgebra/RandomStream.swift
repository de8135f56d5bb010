import CNumericKernels

/// What random numbers are drawn for. Each purpose has a stream of its own, so that drawing more of one
/// thing never moves another, and the same seed gives every cell and radius the same inputs.
public enum RandomPurpose: Sendable, Equatable {
  /// The inputs x_t.
  case inputs
  /// Targets of the loss: classes, regression targets, or the vector v of `final-dot`.
  case targets
  /// Gate block `block` of W_hh.
  case hiddenWeights(block: Int)
  /// Gate block `block` of W_ih.
  case inputWeights(block: Int)
  /// The readout's weights.
  case readout
  /// The noise of gate `gate` in a mean-field theory's sites.
  case meanFieldNoise(gate: Int)
  /// Tangent vectors of a trajectory.
  case tangentVectors
  /// Inputs and targets of the batch of an update, counted from 1.
  case trainingInputs(iteration: UInt32)
  case trainingTargets(iteration: UInt32)
  /// Inputs and targets of a part of a test set.
  case evaluationInputs(part: UInt32)
  case evaluationTargets(part: UInt32)
  /// The first states h_0 and c_0.
  case initialHidden
  case initialCell
  /// Inputs and targets of the steps before the measured ones.
  case washoutInputs
  case washoutTargets
  /// Lengths of the sequences of a diagnosis, its washout left out, of an update and of a part of a test set.
  case lengths
  case trainingLengths(iteration: UInt32)
  case evaluationLengths(part: UInt32)
  /// The masks of an update.
  case dropout(iteration: UInt32)
  /// The embedding.
  case embedding
  /// What a language model says.
  case generatedText
  /// Circular shifts that a chance level is taken from.
  case shifts
  /// Networks that a trained one is compared with.
  case untrainedNetworks
  /// Anything else a program needs, by a number of its own.
  case other(UInt32)

  /// The word that goes into the counter.
  public var code: UInt64 {
    switch self {
    case .inputs: return 1 << 32
    case .targets: return 2 << 32
    case .hiddenWeights(let block): return 3 << 32 | UInt64(block)
    case .inputWeights(let block): return 4 << 32 | UInt64(block)
    case .readout: return 5 << 32
    case .other(let number): return 6 << 32 | UInt64(number)
    case .meanFieldNoise(let gate): return 7 << 32 | UInt64(gate)
    case .tangentVectors: return 8 << 32
    case .trainingInputs(let iteration): return 9 << 32 | UInt64(iteration)
    case .trainingTargets(let iteration): return 10 << 32 | UInt64(iteration)
    case .evaluationInputs(let part): return 11 << 32 | UInt64(part)
    case .evaluationTargets(let part): return 12 << 32 | UInt64(part)
    case .initialHidden: return 13 << 32
    case .initialCell: return 13 << 32 | 1
    case .washoutInputs: return 14 << 32
    case .washoutTargets: return 15 << 32
    case .lengths: return 16 << 32
    case .trainingLengths(let iteration): return 17 << 32 | UInt64(iteration)
    case .evaluationLengths(let part): return 18 << 32 | UInt64(part)
    case .dropout(let iteration): return 19 << 32 | UInt64(iteration)
    case .embedding: return 20 << 32
    case .generatedText: return 21 << 32
    case .shifts: return 22 << 32
    case .untrainedNetworks: return 23 << 32
    }
  }
}

/// Random numbers for one (root seed, trial seed, purpose).
///
/// In NumPy: `Generator(Philox(key=root + (trial << 64), counter=(purpose.code << 192) + (part << 128)))`; ``uniform()``
/// equals its `random()` bit for bit. Normal deviates come from the Box–Muller transform (NumPy uses a
/// ziggurat; only the uniforms agree).
public struct RandomStream: Sendable {
  private var generator: Philox
  private var spare: Double?

  /// The stream of a purpose.
  ///
  /// - Parameter part: of a purpose that draws for several layers, or for sequences of several lengths: which of them.
  public init(rootSeed: UInt64, trialSeed: UInt64, purpose: RandomPurpose, part: UInt64 = 0) {
    generator = Philox(key: (rootSeed, trialSeed), counter: (0, 0, part, purpose.code))
  }

  /// Uniform on [0, 1), a multiple of 2⁻⁵³.
  public mutating func uniform() -> Double {
    Double(generator.next() >> 11) * 0x1p-53
  }

  /// `count` numbers, 0 where the next uniform one is below `zeroRate`, otherwise 1 / (1 − zeroRate).
  public mutating func mask(_ count: Int, zeroRate: Double) -> [Double] {
    let kept = 1 / (1 - zeroRate)
    return [Double](unsafeUninitializedCapacity: count) { buffer, filled in
      for k in 0..<count { buffer[k] = uniform() < zeroRate ? 0 : kept }
      filled = count
    }
  }

  /// Standard normal.
  ///
  ///     √(−2 ln(1 − u₁)) · (cos 2π u₂, sin 2π u₂)
  ///
  /// - Note: Source: Box & Muller, Ann. Math. Stat. 29 (1958) 610.
  public mutating func normal() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    var pair = (uniform(), uniform())
    withUnsafeMutableBytes(of: &pair) {
      gf_normal_deviates(1, 1, $0.assumingMemoryBound(to: Double.self).baseAddress!)
    }
    spare = pair.1
    return pair.0
  }

  /// Uniform integer in 0..<bound, without bias.
  ///
  /// - Precondition: `bound > 0`.
  public mutating func integer(below bound: Int) -> Int {
    Int.random(in: 0..<bound, using: &generator)
  }

  /// `count` standard normal deviates times `standardDeviation`; the same numbers as of ``normal()``.
  public mutating func normals(_ count: Int, standardDeviation: Double = 1) -> [Double] {
    if count == 0 { return [] }
    // One that is left from before, then pairs; of an odd last pair one is left again.
    let leading = spare.map { [$0 * standardDeviation] } ?? []
    spare = nil
    let pairs = (count - leading.count) / 2
    var values = leading
    values.reserveCapacity(count)
    values += [Double](unsafeUninitializedCapacity: 2 * pairs) { buffer, filled in
      for k in 0..<2 * pairs { buffer[k] = uniform() }
      if pairs > 0 { gf_normal_deviates(Int64(pairs), standardDeviation, buffer.baseAddress!) }
      filled = 2 * pairs
    }
    if values.count < count { values.append(normal() * standardDeviation) }
    return values
  }

  /// `count` standard normal deviates, rounded to another type: a piece at a time, so that there is no list of them in
  /// double precision.
  public mutating func normals<Element: Scalar>(_ count: Int, as type: Element.Type) -> [Element] {
    [Element](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        // Pieces of even length: pairs stay together.
        let piece = Element.array(normals(min(4096, count - filled)))
        _ = buffer[filled...].initialize(fromContentsOf: piece)
        filled += piece.count
      }
    }
  }
}
