import Experiments
import GradientFlow

extension CellVariant {
  /// The fields `cell,forget_bias` of a CSV.
  var fields: [Field] { [.text(cell.rawValue), Field(forgetBias)] }

  /// The styles of all variants of a sweep, in its order.
  static func styles(_ variants: [CellVariant]) -> [CurveStyle] {
    var varieties: [CellKind: Int] = [:]
    return variants.map { variant in
      defer { varieties[variant.cell, default: 0] += 1 }
      return CurveStyle(variant.cell, variety: varieties[variant.cell, default: 0])
    }
  }
}
