import Experiments
import GradientFlow

extension FigurePage {
  /// The data of a curve of a diagnosis, the same for all panels that show it: rows of `fields`, x and, for each column,
  /// its value. nil for no points.
  ///
  /// - Parameter values: by column; empty for a column that the curve does not have.
  mutating func block(_ fields: [String], _ xs: [Int], _ values: [[Double]]) -> DataBlock? {
    block(fields) {
      xs.indices.map { k in ["\(xs[k])"] + values.map { $0.isEmpty ? "" : CSVField.number($0[k]) } }
    }
  }
}

/// Values of a curve by lag, T − t, of those of steps t = 1…T, thinned for drawing.
struct LagSamples: Sendable {
  let lags: [Int]
  private let steps: Int

  /// - Parameter steps: T.
  init(steps: Int) {
    self.steps = steps
    lags = Lags.even(steps)
  }

  /// Of values of t = 1…T.
  func ofSteps(_ values: [Double]) -> [Double] { lags.map { values[steps - 1 - $0] } }
  /// Of values of t = 0…T; t = 0 is not drawn.
  func ofStates(_ values: [Double]) -> [Double] { lags.map { values[steps - $0] } }
}

extension CurveStyle {
  /// The style of a gate, by its place in the cell's order.
  init(gate: Gate) {
    switch gate {
    case .preactivation: self.init(.blue, [], 7)
    case .input, .reset: self.init(.blue, [10, 4], 7)
    case .forget, .update: self.init(.vermillion, [], 11)
    case .candidate, .new: self.init(.green, [10, 4, 3, 4], 5)
    case .output: self.init(.purple, [5, 3], 13)
    }
  }
}

extension Gate {
  /// As legends name it.
  var label: String {
    switch self {
    case .preactivation: return "units h"
    case .input: return "input gate i"
    case .forget: return "forget gate f"
    case .candidate: return "candidate g"
    case .output: return "output gate o"
    case .reset: return "reset gate r"
    case .update: return "update gate z"
    case .new: return "candidate n"
    }
  }
}
