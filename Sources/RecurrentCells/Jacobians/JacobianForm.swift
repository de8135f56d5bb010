import LinearAlgebra

/// Where the Jacobian of one step of a cell has its diagonal factors; see ``JacobianFactors``.
public enum JacobianForm: Sendable {
  case linear, relu, tanh, gru, lstm

  /// - Returns: nil for a cell that is not one of ``CellKind``.
  public init?<Cell: RecurrentCell>(of type: Cell.Type) where Cell.Element == Double {
    guard let kind = CellKind.allCases.first(where: { $0.type(for: Double.self) == type }) else { return nil }
    switch kind {
    case .rnn: self = .tanh
    case .rnnRelu: self = .relu
    case .rnnLinear: self = .linear
    case .gru: self = .gru
    case .lstm: self = .lstm
    }
  }

  /// Whether the tape's factors of a step differ by so much that a Jacobian in one piece has lost directions: by more than
  /// 2⁴⁰, or a derivative is below the range. What differs by less shows in what is left of a direction.
  public func isGraded(_ step: TapeStep<Double>, element: Int) -> Bool {
    let (size, stride) = (step.hiddenSize, step.batch * step.hiddenSize)
    let row = step.factors + element * size
    var (least, most) = (Double.infinity, 0.0)
    for k in 0..<size {
      switch self {
      case .linear, .relu: return false
      case .tanh:
        least = min(least, row[k])
        most = max(most, row[k])
      case .gru:
        let scale = max(
          row[k].magnitude, row[stride + k].magnitude, row[2 * stride + k].magnitude * row[3 * stride + k],
          row[4 * stride + k])
        least = min(least, scale)
        most = max(most, scale)
      case .lstm:
        let forget = row[5 * stride + k]
        let cell = max(
          row[stride + k].magnitude, row[2 * stride + k].magnitude, row[3 * stride + k].magnitude, forget)
        let out = row[4 * stride + k].magnitude
        least = min(least, cell, out, forget / cell)
        most = max(most, cell, out)
      }
    }
    return !(least > most * 0x1p-40)
  }
}
