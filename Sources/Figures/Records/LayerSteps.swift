import Experiments
import Foundation
import GradientFlow

/// The steps of a layer as a figure shows them: those of its network's part, or of the whole way through decoder and encoder.
struct LayerSteps {
  let table: StepTable
  /// The lag of the encoder's last step; nil where there is no seam on the way.
  let seam: Int?
  private let path: LayerPath
  /// Where the table begins on the path.
  private let first: Int

  /// - Returns: nil where the trial has no gradients.
  init?(_ record: TrialRecord, _ layer: TrialLayer) {
    let place = layer.place
    let found = record.paths(of: layer.trial).first {
      ($0.layer, $0.direction) == (place.layer, place.direction)
    }
    guard let path = found else { return nil }
    self.path = path
    if let part = place.part, let own = record.layers.first(where: { $0.place == place })?.steps {
      (table, seam, first) = (own, nil, part == .decoder ? path.seam ?? 0 : 0)
    } else if place.part == nil {
      (table, seam, first) = (path.table, path.seam.map { path.table.steps - $0 }, 0)
    } else {
      return nil
    }
    if table.columns.isEmpty { return nil }
  }

  /// T.
  var steps: Int { table.steps }

  /// Whether a lag of 0…T − 1 was recorded.
  func records(lag: Int) -> Bool { table.row(ofTime: steps - lag) != nil }

  /// A norm over the batch by lag, as if all sequences had every lag: the root mean square over those that have it,
  /// times √B.
  func byLagOfAll(_ column: StepColumn) -> [Double] {
    table.byLag(column).enumerated().map { lag, norm in
      let (own, all) = (sequences(lag: lag), sequences(lag: 0))
      return own == all ? norm : norm + log10(Double(all) / Double(own)) / 2
    }
  }

  /// How many sequences have a lag.
  func sequences(lag: Int) -> Int { path.sequences(at: first + steps - lag) }
}

extension [LayerSteps] {
  /// The lag of the seam; of seeds whose sequences differ, the longest.
  var seam: Int? { compactMap(\.seam).max() }
}
