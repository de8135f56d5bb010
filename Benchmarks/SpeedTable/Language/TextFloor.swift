import GradientFlow

/// The matrix products of an update of a language model of characters and nothing else: those of the recurrence and of the
/// readout. One-hot inputs need none.
///
///     6·G·B·H² + 6·B·H·V operations a step
struct TextFloor: ~Copyable {
  private let steps, batch, hidden, gates, vocabulary: Int
  private let forward, backward, weights: MatrixProduct<Float>
  private let logits, states, readout: MatrixProduct<Float>
  private let matrix, rows, hiddenRows, sums, readoutMatrix, outputs, readoutSums: AlignedBuffer<Float>

  init(steps: Int, batch: Int, hidden: Int, gates: Int, vocabulary: Int) {
    (self.steps, self.batch, self.hidden, self.gates, self.vocabulary) = (
      steps, batch, hidden, gates, vocabulary
    )
    let gh = gates * hidden
    forward = MatrixProduct(m: batch, n: gh, k: hidden, accumulates: true)
    backward = MatrixProduct(m: batch, n: hidden, k: gh, accumulates: false)
    weights = MatrixProduct(m: hidden, n: gh, k: steps * batch, transposeA: true, accumulates: true)
    logits = MatrixProduct(m: batch, n: vocabulary, k: hidden, accumulates: true)
    states = MatrixProduct(m: batch, n: hidden, k: vocabulary, accumulates: false)
    readout = MatrixProduct(m: vocabulary, n: hidden, k: batch, transposeA: true, accumulates: true)
    matrix = AlignedBuffer(count: gh * hidden)
    rows = AlignedBuffer(count: steps * batch * gh)
    hiddenRows = AlignedBuffer(count: steps * batch * hidden)
    sums = AlignedBuffer(count: gh * hidden)
    readoutMatrix = AlignedBuffer(count: vocabulary * hidden)
    outputs = AlignedBuffer(count: batch * vocabulary)
    readoutSums = AlignedBuffer(count: vocabulary * hidden)
  }

  /// Operations of an update.
  var operations: Double {
    6 * Double(steps * batch * hidden) * Double(gates * hidden + vocabulary)
  }

  /// The products of an update.
  func run() {
    let (b, h, gh) = (batch, hidden, gates * hidden)
    for step in 0..<steps {
      forward(hiddenRows.base + step * b * h, matrix.base, into: rows.base + step * b * gh)
    }
    for step in (0..<steps).reversed() {
      logits(hiddenRows.base + step * b * h, readoutMatrix.base, into: outputs.base)
      states(outputs.base, readoutMatrix.base, into: hiddenRows.base + step * b * h)
      readout(outputs.base, hiddenRows.base + step * b * h, into: readoutSums.base)
      backward(rows.base + step * b * gh, matrix.base, into: hiddenRows.base + step * b * h)
    }
    weights(hiddenRows.base, rows.base, into: sums.base)
  }
}
