import TestSupport

/// One cell with one loss and one set of sizes; prints as the id of a test argument.
struct NetworkCase: Sendable, CustomStringConvertible {
  var cell: NaiveNetwork.Cell
  var loss: NaiveLoss.Kind
  var sizes: NaiveSizes
  var hasInitialState: Bool

  var description: String {
    "\(cell.rawValue) \(loss) \(sizes)\(hasInitialState ? " with initial state" : "")"
  }

  func network(weightScale: Double = 0.9) -> NaiveNetwork {
    NaiveNetwork(
      cell, sizes, loss: loss, weightScale: weightScale, hasInitialState: hasInitialState)
  }

  /// Every cell with every loss, with and without an initial state.
  static func all(_ sizes: [NaiveSizes]) -> [NetworkCase] {
    NaiveNetwork.Cell.allCases.flatMap { cell in
      NaiveLoss.Kind.allCases.flatMap { loss in
        sizes.flatMap { sizes in
          [false, true].map {
            NetworkCase(cell: cell, loss: loss, sizes: sizes, hasInitialState: $0)
          }
        }
      }
    }
  }
}
