import Crypto
import GradientFlow

/// Everything that decides the result of one trial: a point of a sweep's grid with one seed.
public struct TrialParameters: Sendable, Hashable {
  /// The recurrent cell.
  public var cell: CellKind
  /// Hidden units H.
  public var hiddenSize: Int
  /// Inputs I. 0 for a text task, where the vocabulary decides.
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
  /// Bias of the forget gate. Nil unless the cell is an LSTM.
  public var forgetBias: Double?
  /// Where inputs come from.
  public var task: TaskIdentity
  /// What is differentiated.
  public var loss: LossKind
  /// Outputs O of the readout. Nil without a readout, and for text, where the vocabulary decides.
  public var readoutSize: Int?
  /// How gradients are clipped.
  public var clip: GradientClip
  /// The format that is computed in.
  public var precision: Precision
  /// Root of all random streams, the same for a whole sweep.
  public var rootSeed: UInt64
  /// The trial's own seed. Trials that differ otherwise see the same inputs for the same seed.
  public var seed: UInt64

  /// Makes the parameters as given, without checks.
  public init(
    cell: CellKind, hiddenSize: Int, inputSize: Int, batchSize: Int, sequenceLength: Int,
    spectralRadius: Double, initializer: Initializer, inputScale: Double, forgetBias: Double?,
    task: TaskIdentity, loss: LossKind, readoutSize: Int?, clip: GradientClip,
    precision: Precision, rootSeed: UInt64, seed: UInt64
  ) {
    self.cell = cell
    self.hiddenSize = hiddenSize
    self.inputSize = inputSize
    self.batchSize = batchSize
    self.sequenceLength = sequenceLength
    self.spectralRadius = spectralRadius
    self.initializer = initializer
    self.inputScale = inputScale
    self.forgetBias = forgetBias
    self.task = task
    self.loss = loss
    self.readoutSize = readoutSize
    self.clip = clip
    self.precision = precision
    self.rootSeed = rootSeed
    self.seed = seed
  }

  /// The parameters as JSON in one fixed form: keys sorted, no spaces, numbers as the shortest
  /// decimals that read back the same, without a trailing ".0"; what does not apply is left out.
  public var canonicalJSON: String {
    var text = "{"
    text.reserveCapacity(320)
    func add(_ name: String, _ value: String) {
      text += text.utf8.count == 1 ? "\"" : ",\""
      text += name
      text += "\":"
      text += value
    }
    add("batch_size", "\(batchSize)")
    add("cell", quoted(cell.rawValue))
    add("clip", clipJSON)
    if let forgetBias { add("forget_bias", forgetBias.shortestDecimal) }
    add("hidden_size", "\(hiddenSize)")
    add("initializer", quoted(initializer.rawValue))
    add("input_scale", inputScale.shortestDecimal)
    if task.kind != .text { add("input_size", "\(inputSize)") }
    add("loss", quoted(loss.rawValue))
    add("precision", quoted(precision.rawValue))
    if let readoutSize { add("readout_size", "\(readoutSize)") }
    add("root_seed", "\(rootSeed)")
    add("seed", "\(seed)")
    add("sequence_length", "\(sequenceLength)")
    add("spectral_radius", spectralRadius.shortestDecimal)
    add("task", taskJSON)
    return text + "}"
  }

  /// The trial's name in every file: the first 12 hexadecimal digits of SHA-256 over
  /// ``canonicalJSON``.
  public var id: String {
    SHA256.hash(data: Array(canonicalJSON.utf8)).hexadecimal(12)
  }

  private var clipJSON: String {
    let kind = quoted(clip.kind.rawValue)
    guard let threshold = clip.threshold else { return kind }
    return "{\(kind):\(threshold.shortestDecimal)}"
  }

  private var taskJSON: String {
    switch task {
    case .gaussianNoise: return "{\"kind\":\(quoted(task.kind.rawValue))}"
    case .text(let sha256):
      return "{\"kind\":\(quoted(task.kind.rawValue)),\"sha256\":\(quoted(sha256))}"
    }
  }
}

/// Names here are plain ASCII words, so that quotes alone make them JSON.
private func quoted(_ name: String) -> String { "\"\(name)\"" }

extension SHA256.Digest {
  /// The digest as 64 lower-case hexadecimal digits.
  var hexadecimal: String { hexadecimal(64) }

  /// The first of the digest's 64 lower-case hexadecimal digits.
  func hexadecimal(_ count: Int) -> String {
    let digits = Array("0123456789abcdef".utf8)
    let pairs = prefix((count + 1) / 2).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
    return String(decoding: pairs.prefix(count), as: UTF8.self)
  }
}
