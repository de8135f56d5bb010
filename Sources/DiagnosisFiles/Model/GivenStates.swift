import GradientFlow

/// The states that a model begins with: from files, from its own file where it learned them, or zero.
struct GivenStates {
  let inputs: ModelInputs
  let model: RecurrentModel<Double>

  /// - Parameters:
  ///   - hidden: the file of h_0, [L·D, B, H], or [L·D, 1, H] for all sequences.
  ///   - learned: those of the model's own file, used where no file is given.
  /// - Throws: ``CaseError`` or `ModelFileError` for arrays of other shapes, or numbers that are not finite.
  func read(
    hidden: String?, cell: String?, learned: (hidden: StoredState?, cell: StoredState?)
  ) throws -> [[InitialState<Double>]]? {
    if let cell, !model.cell.carriesCellState {
      throw CaseError(
        .malformed, place: cell,
        problem: "the model's cell, \(model.cell.rawValue), has no cell state; omit --c0")
    }
    let h = try hidden.map(states) ?? learned.hidden.map { spread($0.values) }
    let c = try cell.map(states) ?? learned.cell.map { spread($0.values) }
    guard h != nil || c != nil else { return nil }
    let (width, batch, directions) = (model.hiddenSize, inputs.batch, model.directions.count)
    let zero = [Double](repeating: 0, count: model.layers.count * directions * batch * width)
    return model.layers.indices.map { l in
      model.directions.indices.map { d in
        let rows = (l * directions + d) * batch * width..<(l * directions + d + 1) * batch * width
        return InitialState(
          hidden: ordered(Array((h ?? zero)[rows])),
          cell: model.cell.carriesCellState ? ordered(Array((c ?? zero)[rows])) : nil)
      }
    }
  }

  /// [L·D, B, H].
  private func states(_ path: String) throws -> [Double] {
    let array = try CheckedArray(path: path, sizes: .ofModel)
    let (count, width) = (model.layers.count * model.directions.count, model.hiddenSize)
    let shape = array.array.shape
    let single = [[count, 1, width], [count, width]] + (count == 1 ? [[1, width], [width]] : [])
    if shape == [count, inputs.batch, width] || (count == 1 && shape == [inputs.batch, width]) {
      return try array.doubles(shape: shape)
    }
    if single.contains(shape) { return spread(try array.doubles(shape: shape)) }
    return try array.doubles(shape: [count, inputs.batch, width])
  }

  /// [L·D, B, H] of [L·D, H], the same for every sequence.
  private func spread(_ values: [Double]) -> [Double] {
    let width = model.hiddenSize
    return stride(from: 0, to: values.count, by: width).flatMap { first in
      Array(repeating: values[first..<first + width], count: inputs.batch).joined()
    }
  }

  private func ordered(_ rows: [Double]) -> [Double] {
    inputs.order?.packed(rows, width: model.hiddenSize) ?? rows
  }
}
