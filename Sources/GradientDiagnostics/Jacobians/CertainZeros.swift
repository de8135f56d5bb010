import RecurrentCells

extension SequencePass where Cell.Element == Double {
  /// How many directions of a block the weights alone take away, whatever the units do.
  ///
  /// det J of a plain RNN is Π φ' · det W_hh; that of an LSTM Π f · Π ∂h/∂a_o · det W_o.
  func certainZeros(_ block: StateBlock) -> Int {
    switch Cell.gates {
    case [.preactivation]: return shape.hiddenSize - cell.parameters.weightHH.exactRank()
    case [.input, .forget, .candidate, .output] where block == .state:
      return shape.hiddenSize - cell.parameters.recurrentBlock(3).exactRank()
    default: return 0
    }
  }
}

/// A map has a condition that costs digits of the smallest singular values.
struct LostDigits: Error {}
