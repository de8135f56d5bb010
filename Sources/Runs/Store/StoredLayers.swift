import Foundation
import GradientFlow
import TextFiles
import Trials

/// The layers of a trial's network as the store has them: their places, a table of their results, and the steps of all of
/// them in one table, one after the other. Those of the last layer, read forward, are the steps of the trial, and are not
/// there a second time.
struct StoredLayers {
  /// `0:forward,1:forward`, `encoder:0:forward,decoder:0:forward`.
  let places: String
  /// One row a place.
  let columns: String
  let values: Data
  /// Of each place with steps, T + 1 rows; 0 of others.
  let stepCounts: String
  let stepColumns: String
  let stepValues: Data

  /// Columns of the table of trials.
  static let columnTypes: [(name: String, type: String)] = [
    ("layer_places", "TEXT"), ("layer_columns", "TEXT"), ("layer_values", "BLOB"),
    ("layer_step_counts", "TEXT"), ("layer_step_columns", "TEXT"), ("layer_step_values", "BLOB"),
  ]

  init(
    places: String, columns: String, values: Data, stepCounts: String, stepColumns: String, stepValues: Data
  ) {
    self.places = places
    self.columns = columns
    self.values = values
    self.stepCounts = stepCounts
    self.stepColumns = stepColumns
    self.stepValues = stepValues
  }

  /// Of a record; nil where it has no layers of their own.
  init?(_ record: TrialRecord) {
    guard !record.layers.isEmpty else { return nil }
    var results = ColumnTable<LayerRecord>(rows: 0)
    var steps = StepTable(rows: 0)
    var counts: [Int] = []
    let main = record.mainPlace
    for layer in record.layers {
      results.append(layer)
      let table = layer.place == main ? nil : layer.steps
      counts.append(table?.rows ?? 0)
      if let table { steps.append(table) }
    }
    self.init(
      places: record.layers.map { Self.text($0.place) }.joined(separator: ","),
      columns: results.columnList, values: results.blob,
      stepCounts: counts.map(String.init).joined(separator: ","), stepColumns: steps.columnList,
      stepValues: steps.blob)
  }

  /// The layers; nil where the parts do not fit together.
  ///
  /// - Parameter main: steps of the trial.
  func records(main: StepTable?) -> [LayerRecord]? {
    let places = places.split(separator: ",").map { Self.place(String($0)) }
    let counts = stepCounts.split(separator: ",").map { Int($0) }
    let known = counts.compactMap { $0 }
    guard !places.isEmpty, places.allSatisfy({ $0 != nil }), known.count == places.count,
      counts.count == places.count, known.allSatisfy({ (0...stepValues.count).contains($0) }),
      let results = ColumnTable<LayerRecord>(rows: places.count, columnList: columns, blob: values),
      let steps = StepTable(rows: known.reduce(0, +), columnList: stepColumns, blob: stepValues)
    else { return nil }
    var start = 0
    var records: [LayerRecord] = []
    for (row, (place, count)) in zip(places.compactMap { $0 }, known).enumerated() {
      var record = LayerRecord(place, results, row: row)
      if count > 0 { record.steps = steps.rows(start..<start + count) }
      start += count
      records.append(record)
    }
    let last = records.lastIndex { $0.place.direction == .forward }
    if let last, known[last] == 0 { records[last].steps = main }
    return records
  }

  private static func text(_ place: LayerPlace) -> String {
    (place.part.map { "\($0.rawValue):" } ?? "") + "\(place.layer):\(place.direction.rawValue)"
  }

  private static func place(_ text: String) -> LayerPlace? {
    var parts = text.split(separator: ":").map(String.init)
    var part: NetworkPart?
    if parts.count == 3 {
      part = NetworkPart(rawValue: parts.removeFirst())
      if part == nil { return nil }
    }
    guard parts.count == 2, let layer = Int(parts[0]), layer >= 0,
      let direction = Direction(rawValue: parts[1])
    else { return nil }
    return LayerPlace(part: part, layer: layer, direction: direction)
  }
}

extension TrialRecord {
  /// The layer that the trial's own row speaks of; nil where there is one alone.
  fileprivate var mainPlace: LayerPlace? { layers.last { $0.place.direction == .forward }?.place }
}
