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
  let results: ColumnTable<LayerRecord>
  /// Of each place with steps of its own, how many rows; 0 of others.
  let stepCounts: String
  let steps: StackedTables<StepDiagnosis>

  /// Columns of the table of trials, the long one left out.
  static let columnTypes: [(name: String, type: String)] = [
    ("layer_places", "TEXT"), ("layer_columns", "TEXT"), ("layer_values", "BLOB"),
    ("layer_step_counts", "TEXT"), ("layer_step_columns", "TEXT"),
  ]

  /// Of a record; nil where it has no layers of their own.
  init?(_ record: TrialRecord) {
    guard !record.layers.isEmpty else { return nil }
    var results = ColumnTable<LayerRecord>(rows: 0)
    var tables: [StepTable] = []
    var counts: [Int] = []
    let main = record.mainPlace
    for layer in record.layers {
      results.append(layer)
      let table = layer.place == main ? nil : layer.steps
      counts.append(table?.rows ?? 0)
      if let table { tables.append(table) }
    }
    places = record.layers.map { Self.text($0.place) }.joined(separator: ",")
    self.results = results
    stepCounts = counts.map(String.init).joined(separator: ",")
    steps = StackedTables(tables)
  }

  /// The numbers of places and of their steps; nil where these are no such texts.
  static func counts(
    places: String, stepCounts: String
  ) -> (places: [LayerPlace], steps: [Int])? {
    let found = places.split(separator: ",").map { place(String($0)) }
    let counts = stepCounts.split(separator: ",").map { Int($0) }
    let (known, steps) = (found.compactMap(\.self), counts.compactMap(\.self))
    guard !known.isEmpty, known.count == found.count, steps.count == counts.count, steps.count == known.count
    else { return nil }
    return (known, steps)
  }

  /// The layers.
  ///
  /// - Parameters:
  ///   - steps: a table for each place.
  ///   - main: steps of the trial.
  static func records(
    _ places: [LayerPlace], _ results: ColumnTable<LayerRecord>, steps: [StepTable], main: StepTable?
  ) -> [LayerRecord] {
    var records: [LayerRecord] = []
    for (row, (place, table)) in zip(places, steps).enumerated() {
      var record = LayerRecord(place, results, row: row)
      if table.rows > 0 { record.steps = table.withoutEmptyColumns }
      records.append(record)
    }
    let last = records.lastIndex { $0.place.direction == .forward }
    if let last, steps[last].rows == 0 { records[last].steps = main }
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
