import GradientFlow

/// The matrix products of a pass and nothing else: what no implementation on this processor can be faster than.
///
///     6·G·B·H² + 4·G·B·H·I operations a step
struct Floor<Element: Scalar>: ~Copyable {
  private let row: PassRow
  private let plan: SegmentPlan
  private let forward, backward, projection, hiddenGradient, inputGradient: MatrixProduct<Element>
  private let weights, states, rows, inputs, gradients: AlignedBuffer<Element>

  init(_ row: PassRow) {
    let shape = row.shape
    let (b, h, i) = (shape.batch, shape.hiddenSize, shape.inputSize)
    let gh = row.cell.gates.count * h
    self.row = row
    plan = SegmentPlan(
      steps: shape.steps, stateElements: 1, tapeElements: 1, currentElements: b * gh, budget: .max)
    let count = plan.length * b
    forward = MatrixProduct(m: b, n: gh, k: h, accumulates: true)
    backward = MatrixProduct(m: b, n: h, k: gh, accumulates: false)
    projection = MatrixProduct(m: count, n: gh, k: i, accumulates: true)
    hiddenGradient = MatrixProduct(m: h, n: gh, k: count, transposeA: true, accumulates: true)
    inputGradient = MatrixProduct(m: i, n: gh, k: count, transposeA: true, accumulates: true)
    weights = AlignedBuffer(count: gh * max(h, i))
    states = AlignedBuffer(count: count * h)
    rows = AlignedBuffer(count: count * gh)
    inputs = AlignedBuffer(count: count * i)
    gradients = AlignedBuffer(count: gh * max(h, i))
  }

  /// Operations of one step.
  var operations: Double {
    let shape = row.shape
    let gbh = Double(row.cell.gates.count * shape.batch * shape.hiddenSize)
    return gbh * Double(6 * shape.hiddenSize + 4 * shape.inputSize)
  }

  /// The products of a pass.
  func run() {
    let (b, h) = (row.shape.batch, row.shape.hiddenSize)
    let gh = row.cell.gates.count * h
    for _ in 0..<row.shape.steps / plan.length {
      projection(inputs.base, weights.base, into: rows.base)
      for step in 0..<plan.length {
        forward(states.base + step * b * h, weights.base, into: rows.base + step * b * gh)
      }
      for step in 0..<plan.length {
        backward(rows.base + step * b * gh, weights.base, into: states.base + step * b * h)
      }
      hiddenGradient(states.base, rows.base, into: gradients.base)
      inputGradient(inputs.base, rows.base, into: gradients.base)
    }
  }

  /// Steps of a ``run()``: whole segments only.
  var steps: Int { row.shape.steps / plan.length * plan.length }
}
