import GradientFlow
import TextFiles

/// What singular values of Jacobians say: how much of the gradient remains, and in how many directions.
enum SpectrumWords {
  /// The largest singular value and the rank that is left at the longest lag, of the whole state.
  static func statement(_ panels: LayerPanels) -> String {
    let lag = panels.layers.lazy.compactMap { $0.jacobians.first?.lags.last }.max() ?? 0
    let block = panels.layers.lazy.compactMap(\.jacobians.last?.block).first ?? .hidden
    return "At lag \(Brief.grouped(lag)), σ_{max} and effective rank of \(block.label): "
      + panels.sentence { layer in
        guard let values = layer.jacobians.last?.singularValues.last, let first = values.first else {
          return nil
        }
        if first.isZero { return "0, no direction remains" }
        let rank = SingularSpectrum(values).effectiveRank
        if first.mantissa.isNaN || rank.isNaN { return "unknown" }
        return "\(Brief.factor(first.log10)), \(Brief.number(rank)) of \(values.count)"
      }
  }
}

extension StateBlock {
  /// What panels and legends call its Jacobian.
  var label: String {
    switch self {
    case .hidden: return "∂h_T/∂h_t"
    case .cell: return "∂c_T/∂c_t"
    case .state: return "∂(h, c)_T/∂(h, c)_t"
    }
  }
}
