import Foundation
import GradientFlow
import TextFiles

/// How often models fail to foresee closing brackets and quotes, by distance.
public struct ClosingErrorsText {
  private let errors: ClosingErrors
  /// Fewer marks than this tell nothing, and have no row.
  private static let least = 5

  public init(_ errors: ClosingErrors) { self.errors = errors }

  private var classes: [ClosingErrors.Class] { errors.classes.filter { $0.count >= Self.least } }
  public var isEmpty: Bool { classes.isEmpty }

  /// A table: a row for a mark at some distances.
  public func text(width: Int?) -> String {
    let rows = classes.map { found -> [String] in
      ["\(found.kind.symbol)", distances(found), Brief.grouped(found.count)]
        + found.errors.map { Brief.percent($0) }
    }
    return
      "Closing marks that are not foreseen (p < 0.5), by the distance from the opening one\n\n"
      + AlignedRows.text([["mark", "distance", "marks"] + errors.models] + rows, width: width)
  }

  private func distances(_ found: ClosingErrors.Class) -> String {
    let (first, last) = (found.distances.lowerBound, found.distances.upperBound)
    return last == ClosingMark.longest ? "from \(first)" : first == last ? "\(first)" : "\(first) to \(last)"
  }

  /// One row per mark, distances and model.
  public var csv: String {
    var text = "mark,least_distance,largest_distance,marks,model,errors,nats\n"
    for found in errors.classes {
      for (m, model) in errors.models.enumerated() {
        text += "\(found.kind.rawValue),\(found.distances.lowerBound),\(found.distances.upperBound),\(found.count),"
        text += "\(CSVField.text(model)),\(CSVField.number(found.errors[m])),\(CSVField.number(found.nats[m]))\n"
      }
    }
    return text
  }
}
