import RecurrentCells

/// The last part of a name that PyTorch gives to recurrent weights: `weight_hh_l1_reverse`, or `weight_hh` in a cell.
struct PyTorchName: Hashable {
  let parameter: RecurrentParameter
  /// nil in an RNNCell, LSTMCell or GRUCell.
  let layer: Int?
  let direction: Direction

}

extension PyTorchName {
  /// Parses it; nil if it is any other name.
  init?(_ text: Substring) {
    guard let parameter = RecurrentParameter.allCases.first(where: { text.hasPrefix($0.stem) }) else {
      return nil
    }
    var rest = text.dropFirst(parameter.stem.count)
    let direction: Direction = rest.hasSuffix("_reverse") ? .reverse : .forward
    if direction == .reverse { rest = rest.dropLast("_reverse".count) }
    let layer = rest.hasPrefix("_l") ? Int(rest.dropFirst(2)) : nil
    self.init(parameter: parameter, layer: layer, direction: direction)
    // Only what is spelled as PyTorch does: no signs, no zeros before the number, no direction of a cell.
    guard text == self.text else { return nil }
  }

  /// The name as PyTorch spells it.
  var text: String {
    guard let layer else { return parameter.stem }
    return parameter.stem + direction.suffix(layer: layer)
  }
}

extension RecurrentParameter {
  /// The name without a layer: `weight_ih`.
  var stem: String { String(rawValue.dropLast("_l0".count)) }
}
