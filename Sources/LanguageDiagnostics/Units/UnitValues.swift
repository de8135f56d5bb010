import Language
import LinearAlgebra
import RecurrentCells

extension LanguageModel where Element == Float {
  /// What every unit has after each token of a short text, which is read from a zero state.
  ///
  /// - Throws: ``LanguageModelError``.
  /// - Complexity: a forward pass; O(T·U) memory.
  public func unitValues(_ tokens: [Int32]) throws -> [(name: UnitName, values: [Float])] {
    try network.cell.accept(UnitCollection(model: self, tokens: tokens)).get()
  }
}

private struct UnitCollection: CellVisitor {
  typealias Element = Float
  let model: LanguageModel<Float>
  let tokens: [Int32]

  func visit<Cell: RecurrentCell>(
    _ type: Cell.Type
  ) -> Result<[(name: UnitName, values: [Float])], any Error> where Cell.Element == Float {
    let network = model.network
    let hidden = network.recurrent.hiddenSize
    let names = UnitGroup.all(layers: network.recurrent.layers.count, of: network.cell).flatMap { group in
      (0..<hidden).map { UnitName(group: group, unit: $0) }
    }
    var values = [[Float]](repeating: [], count: names.count)
    return Result {
      try UnitReader<Cell>(network).read(tokens) { rows, _, _ in
        for first in stride(from: 0, to: rows.count, by: names.count) {
          for u in names.indices { values[u].append(rows[first + u]) }
        }
      }
      return zip(names, values).map { (name: $0, values: $1) }
    }
  }
}
