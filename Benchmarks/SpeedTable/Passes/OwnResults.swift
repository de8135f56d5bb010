import Foundation
import GradientFlow

extension PassRow {
  /// Its network on disk, for the peers.
  func shared(in parent: String) throws -> CaseFolder {
    let (p, inputs, direction) = network(Double.self)
    let rows = p.weightHH.rows
    return try CaseFolder(
      name, in: parent,
      description: [
        "cell": cell.rawValue, "layers": 1, "steps": shape.steps, "batch": shape.batch,
        "inputs": shape.inputSize,
        "hidden": shape.hiddenSize,
      ],
      arrays: [
        .init("inputs", inputs, [shape.steps, shape.batch, shape.inputSize]),
        .init("weight_ih_l0", p.weightIH.values, [rows, shape.inputSize]),
        .init("weight_hh_l0", p.weightHH.values, [rows, shape.hiddenSize]),
        .init("bias_ih_l0", p.biasIH, [rows]), .init("bias_hh_l0", p.biasHH, [rows]),
        .init("direction", direction, [shape.hiddenSize]),
      ])
  }

  /// What ours makes of it, by the names of the peers' results.
  var results: [String: [Double]] { cell.accept(OwnResults(row: self)) }
}

/// Norms of every step and whole gradients, as plain numbers.
private struct OwnResults: CellVisitor {
  typealias Element = Float
  let row: PassRow

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
      "grad_weight_ih_l0": gradients.weightIH.doubles, "grad_weight_hh_l0": gradients.weightHH.doubles,
      "grad_bias_ih_l0": gradients.biasIH.doubles, "grad_bias_hh_l0": gradients.biasHH.doubles,
    ]
    if Cell.carriesCellState { results["cell_norms"] = norms(diagnosis.steps.cell) }
    return results
  }
}
