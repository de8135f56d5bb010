import GradientFlow

extension Plot {
  /// The data of a curve of a diagnosis, the same for all panels that show it: rows of `fields`, x and, for each column,
  /// its value. nil for no points.
  ///
  /// - Parameter values: by column; empty for a column that the curve does not have.
  mutating func block(_ fields: [Field], _ xs: [Int], _ values: [[Double]]) -> DataBlock? {
    block(fields) {
      xs.indices.map { k in [Field(xs[k])] + values.map { $0.isEmpty ? .none : .drawn($0[k]) } }
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

extension PanelAxis {
  /// Of steps t, which run the other way than lags do.
  static func time(_ steps: Int, from first: Int = 1) -> PanelAxis {
    .counts("step t → (lag T − t falls)", from: first, to: steps)
  }
}

extension Gate {
  /// What legends call it, and how its curves are drawn.
  var look: (label: String, style: CurveStyle) {
    switch self {
    case .preactivation: ("units h", CurveStyle(.blue, [], 7))
    case .input: ("input gate i", CurveStyle(.blue, [10, 4], 7))
    case .forget: ("forget gate f", CurveStyle(.vermillion, [], 11))
    case .candidate: ("candidate g", CurveStyle(.green, [10, 4, 3, 4], 5))
    case .output: ("output gate o", CurveStyle(.purple, [5, 3], 13))
    case .reset: ("reset gate r", CurveStyle(.blue, [10, 4], 7))
    case .update: ("update gate z", CurveStyle(.vermillion, [], 11))
    case .new: ("candidate n", CurveStyle(.green, [10, 4, 3, 4], 5))
    }
  }
}
