import Experiments
import GradientFlow

/// A curve of a diagnosis: numbers by lag, step or index.
struct DiagnosisCurve: Sendable {
  /// Its name in the CSV.
  let name: String
  let xs: [Int]
  /// For each column of the CSV after the x, its values; empty for a column that the curve does not have.
  let values: [[Double]]

  /// Adds it to a table as a block whose rows are `fields`, name, x, values; nil for no points.
  func append(to table: inout FigureTable, _ fields: [String]) -> Int? {
    guard !xs.isEmpty else { return nil }
    return table.append(
      xs.indices.map { k in
        fields + [name, "\(xs[k])"] + values.map { $0.isEmpty ? "" : CSVField.number($0[k]) }
      })
  }
}

/// Values of a curve by lag, T − t, of those of steps t = 1…T, thinned for drawing.
struct LagSamples: Sendable {
  let lags: [Int]
  private let steps: Int

  /// - Parameter steps: T.
  init(steps: Int) {
    self.steps = steps
    lags = LagCurve.lags(steps)
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
