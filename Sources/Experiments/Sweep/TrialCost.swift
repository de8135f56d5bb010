import GradientFlow

/// What a trial takes, estimated before it is run.
public struct TrialCost: Sendable, Equatable {
  /// Bytes of memory at its peak.
  public let memory: Double
  /// Bytes in the store and the CSVs.
  public let disk: Double
  /// Time on one core of a machine of today: good for comparing trials, within a factor of a few for itself.
  public let nanoseconds: UInt64

  /// - Parameter inputSize: I; nil: as the parameters say, and a usual vocabulary for text, whatever it contains.
  public init(_ p: TrialParameters, inputSize: Int? = nil) {
    // Of a stream, windows may reach back further than the sequences of tests.
    let window = p.task.kind == .text ? p.training?.truncation?.k2 ?? 0 : 0
    let shape = SequenceShape(
      steps: max(p.sequenceLength, window), batch: p.batchSize,
      inputSize: max(1, inputSize ?? (p.task.decidesSizes ? Self.usualInputSize(p) : p.inputSize)),
      hiddenSize: p.hiddenSize)
    let once = TrialCost(
      cell: p.cell, shape: shape, elementSize: p.precision == .float32 ? 4 : 8,
      clips: p.clip.stepClip != .none)
    guard let training = p.training else {
      // The steps of a washout are drawn at once and run forward alone, a third of a pass.
      let washout = Double(p.washout)
      let inputs = washout * Double(shape.batch * shape.inputSize) * (p.precision == .float32 ? 12 : 16)
      let share = washout / Double(shape.steps) / 3
      memory = once.memory + inputs
      disk = once.disk
      nanoseconds =
        once.nanoseconds
        + UInt64(min(Double(Self.passNanoseconds(cell: p.cell, shape: shape)) * share, 1e18))
      return
    }
    // An update is a pass of its window; rows and profiles are kept in memory and on the disk.
    func count(_ every: Int) -> Double { every > 0 ? Double(training.iterations) / Double(every) : 0 }
    let rows = count(training.recordEvery) + count(training.evaluateEvery) + 2
    let profiles = (count(training.diagnoseEvery) + 1) * Double(p.sequenceLength + 1)
    let share =
      training.truncation.map { min(1, Double($0.k2) / Double(shape.steps)) } ?? 1
    memory = once.memory + rows * 200 + profiles * 160
    disk = once.disk + rows * 400 + profiles * 400
    nanoseconds = UInt64(
      min(
        Double(once.nanoseconds)
          + Double(Self.passNanoseconds(cell: p.cell, shape: shape)) * share * Double(training.iterations),
        1e18))
  }

  private static func usualInputSize(_ p: TrialParameters) -> Int {
    switch p.task {
    case .published(let task): return task.task.inputSize
    case .text: return 64
    case .gaussianNoise, .digits, .cliff: return 1
    }
  }

  /// One update in float32: products at 50 multiplications a nanosecond, element-wise work, a few microseconds beside.
  private static func passNanoseconds(cell: CellKind, shape: SequenceShape) -> Double {
    let (t, b, i, h) = (
      Double(shape.steps), Double(shape.batch), Double(shape.inputSize), Double(shape.hiddenSize)
    )
    let rows = Double(cell.gates.count) * h
    return t * b * rows * (3 * h + 2 * i) / 50 + t * b * rows + t * 300 + 20_000
  }

  /// - Parameters:
  ///   - elementSize: bytes of a number of the network.
  ///   - clips: whether a second backward pass is made for a step clip.
  init(cell: CellKind, shape: SequenceShape, elementSize: Double, clips: Bool) {
    let (t, b, i, h) = (
      Double(shape.steps), Double(shape.batch), Double(shape.inputSize), Double(shape.hiddenSize)
    )
    let rows = Double(cell.gates.count) * h
    // Inputs and classes are drawn in double, then narrowed.
    let inputs = t * b * (i * (8 + elementSize) + 8)
    // h, c and up to six factors a unit; above its budget the tape keeps √T of them.
    let budget = Double(1 << 28) + 4 * t.squareRoot() * b * h * 8 * elementSize
    let tape = min(t * b * h * 8 * elementSize, budget)
    let weights = rows * (h + i) * (8 + 2 * elementSize) + h * h * 8 * 4
    let gram = b * min(b, rows) * 16 + rows * max(h, i) * 8 + b * (rows + max(h, i)) * 8
    // Probes keep per-example norms of h and c and about twenty columns, copied once into the table.
    let steps = t * (2 * b + 20) * 8 * 2 * (clips ? 2 : 1)
    memory = inputs + tape + weights + gram + steps
    disk = (t + 1) * (22 * 8 + 260) + 1000
    // Fitted to measured trials: products forward, backward and for the gradients at 50 multiplications a nanosecond
    // in float32; element-wise work; norms of each step and example; eigenvalues of W_hh, which trials share.
    let products = t * b * rows * (3 * h + 2 * i) / (elementSize == 4 ? 50 : 25)
    let elements = t * b * rows * elementSize * 0.25
    let norms = t * (300 + 250 * b)
    let spectrum = Double(cell.gates.count) * h * h * h * 0.12
    nanoseconds = UInt64(
      min((clips ? 1.6 : 1) * (products + elements + norms) + spectrum + 100_000, 1e18))
  }
}
