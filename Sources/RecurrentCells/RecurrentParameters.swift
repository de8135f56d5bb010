import LinearAlgebra

/// The parameters of a cell, by PyTorch's names without the layer suffix.
public enum RecurrentParameter: String, Sendable, CaseIterable {
  /// W_ih [G·H, I].
  case weightIH = "weight_ih_l0"
  /// W_hh [G·H, H].
  case weightHH = "weight_hh_l0"
  /// b_ih [G·H].
  case biasIH = "bias_ih_l0"
  /// b_hh [G·H].
  case biasHH = "bias_hh_l0"
}

/// Weights and biases of one recurrent layer, in PyTorch's shapes and row order.
///
/// G row blocks (1 for an RNN, 4 for an LSTM: i f g o, 3 for a GRU: r z n) of H rows each.
public struct RecurrentParameters<Element: Scalar>: Sendable, Equatable {
  /// W_ih [G·H, I].
  public var weightIH: Matrix<Element>
  /// W_hh [G·H, H].
  public var weightHH: Matrix<Element>
  /// b_ih [G·H].
  public var biasIH: [Element]
  /// b_hh [G·H].
  public var biasHH: [Element]

  /// - Precondition: all four agree on G·H.
  public init(
    weightIH: Matrix<Element>, weightHH: Matrix<Element>, biasIH: [Element], biasHH: [Element]
  ) {
    let rows = weightHH.rows
    precondition(
      weightIH.rows == rows && biasIH.count == rows && biasHH.count == rows,
      "W_ih has \(weightIH.rows) rows, W_hh \(rows), b_ih \(biasIH.count), b_hh \(biasHH.count): "
        + "they must agree")
    self.weightIH = weightIH
    self.weightHH = weightHH
    self.biasIH = biasIH
    self.biasHH = biasHH
  }

  /// I.
  @inlinable public var inputSize: Int { weightIH.columns }
  /// H.
  @inlinable public var hiddenSize: Int { weightHH.columns }
  /// G.
  @inlinable public var gateCount: Int { weightHH.rows / weightHH.columns }

  /// The H × H block of W_hh that belongs to row block `gate`.
  public func recurrentBlock(_ gate: Int) -> Matrix<Element> {
    weightHH.rowBlock(gate * hiddenSize..<(gate + 1) * hiddenSize)
  }

  /// The same parameters in another precision.
  public func converted<Other: Scalar>(to type: Other.Type) -> RecurrentParameters<Other> {
    RecurrentParameters<Other>(
      weightIH: weightIH.converted(to: type), weightHH: weightHH.converted(to: type),
      biasIH: Other.array(Element.doubles(biasIH)), biasHH: Other.array(Element.doubles(biasHH)))
  }
}
