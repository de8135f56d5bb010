import GradientFlow
import Specification

/// What a trial takes, estimated before it is run.
public struct TrialCost: Sendable, Equatable {
  /// Bytes of memory at its peak.
  public let memory: Double
  /// Bytes in the store and the CSVs.
  public let disk: Double
  /// Bytes of the trial's row in the store.
  package let row: Double
  /// Bytes of a model file, and of a checkpoint; 0 without training.
  package let model, checkpoint: Double
  /// Time on one core of a machine of today: good for comparing trials, within a factor of a few for itself.
  public let nanoseconds: UInt64

  /// - Parameter inputSize: I; nil: as the parameters say, and a usual vocabulary for text, whatever it contains.
  public init(_ p: TrialParameters, inputSize: Int? = nil) {
    // Of a stream, windows may reach back further than the sequences of tests.
    let window = p.task.kind.file?.isStream ?? false ? p.training?.truncation?.k2 ?? 0 : 0
    let shape = SequenceShape(
      steps: max(p.sequenceLength, window), batch: p.batchSize,
      inputSize: max(1, inputSize ?? (p.task.decidesSizes ? Self.usualInputSize(p) : p.inputSize)),
      hiddenSize: p.hiddenSize)
    let elementSize = p.precision == .float32 ? 4.0 : 8
    let outputs = Self.outputs(p, inputSize: shape.inputSize)
    let pass = NetworkMemory(
      PassMemory(
        cell: p.cell, shape: shape, elementSize: elementSize, outputs: outputs,
        hasTargets: p.loss == .finalMeanSquaredError, clips: p.clip.stepClip != .none,
        scalesAll: p.clip.kind == .globalNorm, recording: p.recording,
        widensInputs: p.task.kind != .gaussianNoise), of: p)
    let once = TrialCost(pass)
    let update = Self.nanoseconds(ofUpdate: pass)
    guard let training = p.training else {
      // The steps of a washout are drawn at once and run forward alone, a third of a pass.
      let washout = Double(p.washout)
      let wide = p.task.kind == .gaussianNoise ? 0.0 : 8
      let inputs = washout * Double(shape.batch * shape.inputSize) * (elementSize + wide)
      let share = washout / Double(shape.steps) / 3
      memory = once.memory + inputs
      disk = once.disk
      (row, model, checkpoint) = (once.row, once.model, once.checkpoint)
      nanoseconds = once.nanoseconds + UInt64(min(update * share, 1e18))
      return
    }
    // An update is a pass of its window; rows and profiles are kept in memory and on the disk.
    let own = TrainingMemory(p: p, training: training, network: pass)
    let share =
      training.truncation.map { min(1, Double($0.k2) / Double(shape.steps)) } ?? 1
    memory = max(own.peak, once.memory + own.history)
    disk = once.disk + own.rows * 400 + own.profileRows * 400
    row = once.row + own.history
    model = own.model
    checkpoint = own.checkpoint
    nanoseconds = UInt64(
      min(Double(once.nanoseconds) + update * share * Double(training.iterations), 1e18))
  }

  /// O; 0 without a readout.
  private static func outputs(_ p: TrialParameters, inputSize: Int) -> Int {
    guard p.loss.hasReadout else { return 0 }
    return p.task.drawn?.outputSize ?? p.task.kind.file?.outputs(inputSize) ?? p.readoutSize ?? 1
  }

  /// What storing takes beside a table: of what is not long, copies in the store's form, as the statement has it, and in
  /// the row that is written.
  private static let storing = 4e6

  private static func usualInputSize(_ p: TrialParameters) -> Int {
    p.task.usualInputs
  }

  /// One update in float32: products at 50 multiplications a nanosecond, element-wise work, a few microseconds beside.
  private static func nanoseconds(ofUpdate pass: NetworkMemory) -> Double {
    pass.multiplications / 50 + pass.elements + pass.steps * 300 + 20_000
  }

  /// One layer, read forward, that is diagnosed.
  ///
  /// - Parameters:
  ///   - elementSize: bytes of a number of the network.
  ///   - clips: whether a second backward pass is made for a step clip.
  ///   - outputs: of the readout; 0 without one.
  package init(cell: CellKind, shape: SequenceShape, elementSize: Double, clips: Bool, outputs: Int = 0) {
    self.init(
      NetworkMemory(
        PassMemory(cell: cell, shape: shape, elementSize: elementSize, outputs: outputs, clips: clips)))
  }

  /// A network that is diagnosed.
  private init(_ network: NetworkMemory) {
    row = network.table + 1000
    (model, checkpoint) = (0, 0)
    // What the allocator keeps for itself, and small things.
    memory = 1.05 * max(network.diagnosis, network.table + Self.storing) + 1e6
    disk = network.passes.reduce(1000) { $0 + $1.tableRows * (22 * 8 + 260) }
    // Fitted to measured trials: products forward, backward and for the gradients at 50 multiplications a nanosecond
    // in float32; element-wise work; norms of each step and example; eigenvalues of W_hh, which trials share.
    let elementSize = network.passes[0].elementSize
    let products = network.multiplications / (elementSize == 4 ? 50 : 25)
    let elements = network.elements * elementSize * 0.25
    let norms = network.passes.reduce(0) { $0 + $1.t * 300 + 250 * $1.rows }
    let spectrum = network.passes.reduce(0) { $0 + $1.gates * $1.h * $1.h * $1.h * 0.12 }
    nanoseconds = UInt64(
      min(
        (network.passes[0].clips ? 1.6 : 1) * (products + elements + norms) + spectrum + 100_000, 1e18))
  }
}
