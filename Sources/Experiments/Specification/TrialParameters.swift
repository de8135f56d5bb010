import GradientFlow

/// Everything that decides the result of one trial: a point of a sweep's grid with one seed.
public struct TrialParameters: Sendable, Hashable {
  /// The recurrent cell.
  public var cell: CellKind
  /// Hidden units H.
  public var hiddenSize: Int
  /// Inputs I. 0 where the task decides.
  public var inputSize: Int
  /// Sequences B in the batch.
  public var batchSize: Int
  /// Steps T.
  public var sequenceLength: Int
  /// Spectral radius that every H×H block of W_hh is scaled to, ≥ 0.
  public var spectralRadius: Double
  /// How W_hh is drawn.
  public var initializer: Initializer
  /// Standard deviation of a unit's input current, ≥ 0.
  public var inputScale: Double
  /// Standard deviation of h_0 and, for a cell with c, of c_0; 0: the measured sequence starts, or its washout does,
  /// at the zero state.
  public var initialStateScale: Double
  /// Steps that are run before the first measured one and not differentiated through, ≥ 0.
  public var washout: Int
  /// Bias of the forget gate. Nil unless the cell is an LSTM.
  public var forgetBias: Double?
  /// Where inputs come from.
  public var task: TaskIdentity
  /// What is differentiated.
  public var loss: LossKind
  /// Outputs O of the readout. Nil without a readout, and where the task decides.
  public var readoutSize: Int?
  /// How gradients are clipped.
  public var clip: GradientClip
  /// The format that is computed in.
  public var precision: Precision
  /// Root of all random streams, the same for a whole sweep.
  public var rootSeed: UInt64
  /// The trial's own seed. Trials that differ otherwise see the same inputs for the same seed.
  public var seed: UInt64
  /// How the network is trained; nil: it is diagnosed as it is drawn.
  public var training: TrainingParameters?

  /// Clip and penalty.
  public var rule: GradientRule { GradientRule(clip: clip, penalty: training?.penalty) }

  /// Makes the parameters as given, without checks.
  public init(
    cell: CellKind, hiddenSize: Int, inputSize: Int, batchSize: Int, sequenceLength: Int,
    spectralRadius: Double, initializer: Initializer, inputScale: Double,
    initialStateScale: Double = 0, washout: Int = 0, forgetBias: Double?, task: TaskIdentity, loss: LossKind,
    readoutSize: Int?, clip: GradientClip, precision: Precision, rootSeed: UInt64, seed: UInt64,
    training: TrainingParameters? = nil
  ) {
    self.cell = cell
    self.hiddenSize = hiddenSize
    self.inputSize = inputSize
    self.batchSize = batchSize
    self.sequenceLength = sequenceLength
    self.spectralRadius = spectralRadius
    self.initializer = initializer
    self.inputScale = inputScale
    self.initialStateScale = initialStateScale
    self.washout = washout
    self.forgetBias = forgetBias
    self.task = task
    self.loss = loss
    self.readoutSize = readoutSize
    self.clip = clip
    self.precision = precision
    self.rootSeed = rootSeed
    self.seed = seed
    self.training = training
  }

  /// The parameters as JSON in one fixed form: keys sorted, no spaces, numbers as the shortest
  /// decimals that read back the same, without a trailing ".0". What does not apply is left out, and so are
  /// initial_state_scale and washout where they are 0.
  public var canonicalJSON: String {
    var members: [(name: String, value: String)] = [
      ("batch_size", "\(batchSize)"),
      ("cell", quoted(cell.rawValue)),
      ("clip", clipJSON),
    ]
    if let forgetBias { members.append(("forget_bias", forgetBias.shortestDecimal)) }
    members.append(("hidden_size", "\(hiddenSize)"))
    if initialStateScale != 0 { members.append(("initial_state_scale", initialStateScale.shortestDecimal)) }
    let drawsWeights = training?.weightDeviation == nil
    if drawsWeights {
      members.append(("initializer", quoted(initializer.rawValue)))
      members.append(("input_scale", inputScale.shortestDecimal))
    }
    if !task.decidesSizes { members.append(("input_size", "\(inputSize)")) }
    members.append(("loss", quoted(loss.rawValue)))
    members.append(("precision", quoted(precision.rawValue)))
    if let readoutSize { members.append(("readout_size", "\(readoutSize)")) }
    members.append(("root_seed", "\(rootSeed)"))
    members.append(("seed", "\(seed)"))
    members.append(("sequence_length", "\(sequenceLength)"))
    if drawsWeights { members.append(("spectral_radius", spectralRadius.shortestDecimal)) }
    members.append(("task", taskJSON))
    if washout != 0 { members.append(("washout", "\(washout)")) }
    if let training {
      members += training.canonicalMembers
      members.sort { $0.name < $1.name }
    }
    var text = ""
    text.reserveCapacity(640)
    for member in members {
      text += text.isEmpty ? "{\"" : ",\""
      text += member.name
      text += "\":"
      text += member.value
    }
    return text + "}"
  }

  /// The trial's name in every file: the first 12 hexadecimal digits of SHA-256 over
  /// ``canonicalJSON``.
  public var id: String { Self.id(ofJSON: canonicalJSON) }

  /// The id of a trial whose ``canonicalJSON`` this is.
  static func id(ofJSON text: String) -> String { SHA256.hash(Array(text.utf8)).hexadecimal(12) }

  private var clipJSON: String {
    let kind = quoted(clip.kind.rawValue)
    guard let threshold = clip.threshold else { return kind }
    return "{\(kind):\(threshold.shortestDecimal)}"
  }

  private var taskJSON: String {
    var members = ["\"kind\":\(quoted(task.kind.rawValue))"]
    switch task {
    case .gaussianNoise: break
    case .text(let sha256): members.append("\"sha256\":\(quoted(sha256))")
    case .published(.memorisation(let bits)): members.insert("\"bits\":\(bits)", at: 0)
    case .published: break
    case .digits(let sha256, let pixels):
      members += ["\"pixels\":\(pixels)", "\"sha256\":\(quoted(sha256))"]
    case .cliff(let w, let b):
      members.insert("\"b\":\(b.shortestDecimal)", at: 0)
      members.append("\"w\":\(w.shortestDecimal)")
    }
    return "{\(members.joined(separator: ","))}"
  }
}

/// Names here are plain ASCII words, so that quotes alone make them JSON.
private func quoted(_ name: String) -> String { "\"\(name)\"" }
