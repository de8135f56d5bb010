import Foundation
import GradientFlow

/// A row's network on disk, for the peers, and what ours makes of it.
struct SharedCase {
  let row: BenchmarkRow
  let directory: String

  /// Writes the network of a row.
  init(_ row: BenchmarkRow, in parent: String) throws {
    self.row = row
    directory = "\(parent)/\(row.cell.rawValue)-\(row.shape.hiddenSize)"
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let shape = row.shape
    let (p, inputs, direction) = row.network(Double.self)
    let rows = p.weightHH.rows
    try write("inputs", inputs, [shape.steps, shape.batch, shape.inputSize])
    try write("weight_ih", p.weightIH.values, [rows, shape.inputSize])
    try write("weight_hh", p.weightHH.values, [rows, shape.hiddenSize])
    try write("bias_ih", p.biasIH, [rows])
    try write("bias_hh", p.biasHH, [rows])
    try write("direction", direction, [shape.hiddenSize])
    let description: [String: Any] = [
      "cell": row.cell.rawValue, "steps": shape.steps, "batch": shape.batch,
      "inputs": shape.inputSize, "hidden": shape.hiddenSize,
    ]
    try JSONSerialization.data(withJSONObject: description, options: .sortedKeys)
      .write(to: URL(fileURLWithPath: "\(directory)/case.json"))
  }

  private func write(_ name: String, _ values: [Double], _ shape: [Int]) throws {
    let array = try NumericArray(Float.array(values), shape: shape)
    try NPYFile.write(array, to: "\(directory)/\(name).npy")
  }

  /// Fails unless a peer's results are ours to 1e-3: in single precision, after hundreds of steps.
  func check(_ peer: Peer) throws {
    let place = "\(directory)/\(peer.kind.script)"
    try peer.writeResults(to: place)
    let own = row.cell.accept(OwnResults(row: row))
    for (name, values) in own.sorted(by: { $0.key < $1.key }) {
      let path = "\(place)/\(name).npy"
      guard FileManager.default.fileExists(atPath: path) else { continue }
      let theirs = try NPYFile(contentsOf: path).array.doubles()
      let largest = values.map(\.magnitude).max() ?? 0
      let perElement = name.hasSuffix("norms")
      for (mine, other) in zip(values, theirs) {
        let scale = perElement ? mine.magnitude : largest
        guard theirs.count == values.count, (mine - other).magnitude <= 1e-3 * scale else {
          throw Peer.Failure(
            description: "\(peer.kind.title), \(row.name): \(name) differs, \(other) against our \(mine)")
        }
      }
    }
  }
}

/// Norms of every step and whole gradients, as plain numbers.
private struct OwnResults: CellVisitor {
  typealias Element = Float
  let row: BenchmarkRow

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> [String: [Double]]
  where Cell.Element == Float {
    let network = row.network(Float.self)
    var pass = SequencePass(
      cell: Cell(parameters: network.parameters), shape: row.shape, inputs: network.inputs)
    let diagnosis = pass.diagnose(loss: FinalDotLoss(direction: network.direction))
    let gradients = diagnosis.result.gradients
    func norms(_ log10: [Double]) -> [Double] { log10.dropFirst().map { pow(10, $0) } }
    var results = [
      "hidden_norms": norms(diagnosis.steps.hidden),
      "grad_weight_ih": gradients.weightIH.doubles, "grad_weight_hh": gradients.weightHH.doubles,
      "grad_bias_ih": gradients.biasIH.doubles, "grad_bias_hh": gradients.biasHH.doubles,
    ]
    if Cell.carriesCellState { results["cell_norms"] = norms(diagnosis.steps.cell) }
    return results
  }
}
