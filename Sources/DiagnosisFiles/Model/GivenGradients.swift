import GradientFlow

/// ∂L/∂outputs and ∂L/∂ of final states, as files give them in place of a loss.
struct GivenGradients {
  let inputs: ModelInputs
  let model: RecurrentModel<Double>

  /// Reads those that there are.
  ///
  /// - Throws: ``CaseError`` or `ModelFileError` for arrays of other shapes, or numbers that are not finite.
  func read(outputs: String?, hidden: String?, cell: String?) throws -> NetworkUpstream<Double> {
    let width = model.outputSize
    let outputs = try outputs.map { path in
      ScaledRows(
        width: width,
        values: try ModelTargets(array: CheckedArray(path: path, sizes: .ofModel), inputs: inputs)
          .ofSteps(width: width))
    }
    if let cell, !model.cell.carriesCellState {
      throw CaseError(
        .malformed, place: cell,
        problem: "the model's cell, \(model.cell.rawValue), has no cell state; omit --upstream-cn")
    }
    let states = try [hidden, cell].map { path in try path.map { try self.states($0) } }
    guard states.contains(where: { $0 != nil }) else {
      return NetworkUpstream(outputs: outputs)
    }
    let (h, batch) = (model.hiddenSize, inputs.batch)
    let final = model.layers.indices.map { l in
      model.directions.indices.map { d in
        let k = l * model.directions.count + d
        let rows = k * batch * h..<(k + 1) * batch * h
        return StateGradients<Double>(
          hidden: states[0].map { ScaledRows(width: h, values: ordered(Array($0[rows]))) },
          cell: states[1].map { FinalCellGradient(values: ordered(Array($0[rows])), batch: batch) })
      }
    }
    return NetworkUpstream(outputs: outputs, finalStates: final)
  }

  /// [L·D, B, H].
  private func states(_ path: String) throws -> [Double] {
    let array = try CheckedArray(path: path, sizes: .ofModel)
    let shape = [model.layers.count * model.directions.count, inputs.batch, model.hiddenSize]
    if inputs.isUnbatched, array.array.shape == [shape[0], shape[2]] {
      return try array.doubles(shape: array.array.shape)
    }
    return try array.doubles(shape: shape)
  }

  private func ordered(_ rows: [Double]) -> [Double] {
    inputs.order?.packed(rows, width: model.hiddenSize) ?? rows
  }
}
