// swift-format-ignore-file: AlwaysUseLowerCamelCase

import RecurrentCells

/// Every gradient of a layer in one direction, in its own time.
public struct OracleLayerGradients: Sendable {
  /// Total ∂L/∂h_t before clipping and total ∂L/∂c_t [B][T_b + 1][H], t = 0 first.
  public var delta, kappa: [[[OracleNumber]]]
  /// ∂L/∂h_t after clipping, likewise.
  public var clipped: [[[OracleNumber]]]
  /// What comes to h_t from above and not through time, likewise.
  public var immediate: [[[OracleNumber]]]
  /// ∂L/∂(W_ih x_t + b_ih) and ∂L/∂(W_hh h_{t−1} + b_hh) [B][T_b][G·H].
  public var gamma, gammaHidden: [[[OracleNumber]]]
  /// ∂L/∂x_t [B][T_b][I].
  public var x: [[[OracleNumber]]]
  /// x_t and h_{t−1}, likewise.
  public var inputs, before: [[[Double]]]
  /// Summed over steps and sequences.
  public var W_ih, W_hh: [[OracleNumber]]
  public var b_ih, b_hh: [OracleNumber]

  /// T of the longest.
  public var steps: Int { gamma.map(\.count).max() ?? 0 }

  /// The rows of all sequences that have a state `lag` steps before their own end; those of t = T − lag.
  public func rows(_ values: [[[OracleNumber]]], lag: Int) -> [[OracleNumber]] {
    values.compactMap { $0.count > lag ? $0[$0.count - 1 - lag] : nil }
  }

  /// ‖·‖ over the batch by lag 0, 1, …, up to that of the longest sequence.
  public func norms(_ values: [[[OracleNumber]]]) -> [OracleNumber] {
    (0..<(values.map(\.count).max() ?? 0)).map { OracleNumber.norm(rows(values, lag: $0).joined()) }
  }

  /// ‖·‖ of what the steps of a lag contribute to ∂L/∂W_hh and ∂L/∂b_hh, and to ∂L/∂W_ih and ∂L/∂b_ih.
  public var hiddenContributions: [(weight: OracleNumber, bias: OracleNumber)] {
    contributions(gammaHidden, before)
  }
  public var inputContributions: [(weight: OracleNumber, bias: OracleNumber)] { contributions(gamma, inputs) }

  private func contributions(
    _ gamma: [[[OracleNumber]]], _ columns: [[[Double]]]
  ) -> [(weight: OracleNumber, bias: OracleNumber)] {
    (0..<steps).map { lag in
      var (sum, bias) = ([[OracleNumber]](), [OracleNumber]())
      for (rows, columns) in zip(gamma, columns) where rows.count > lag {
        let (row, column) = (rows[rows.count - 1 - lag], columns[columns.count - 1 - lag])
        if sum.isEmpty {
          sum = row.map { _ in Array(repeating: .zero, count: column.count) }
          bias = row.map { _ in .zero }
        }
        addOuter(row, column, &sum, &bias)
      }
      return (.norm(sum.joined()), .norm(bias))
    }
  }
}

/// Every gradient of a network.
public struct OracleGradients: Sendable {
  public var loss = 0.0
  public var layers: [LayerPlace: OracleLayerGradients] = [:]
  /// By PyTorch's names.
  public var parameters: [String: [OracleNumber]] = [:]
  /// The numbers that were summed to the gradient of a parameter, or some as large: what its rounding errors
  /// are measured by.
  public func terms(of name: String) -> [OracleNumber] {
    for (place, layer) in layers where name.hasSuffix(place.direction.suffix(layer: place.layer)) {
      if ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].contains(where: { place.name($0) == name }) {
        return layer.gamma.flatMap { $0.flatMap { $0 } }
      }
    }
    let part = NetworkPart.allCases.first { name.hasPrefix("\($0.rawValue).") }
    return layers.filter { $0.key.part == part && $0.key.layer == 0 }.values.flatMap { layer in
      layer.x.flatMap { $0.flatMap { $0 } }
    }
  }

  /// Of the norms that a step clip looked at, the share above its threshold; 0 without one.
  public var clippedFraction = 0.0
}
