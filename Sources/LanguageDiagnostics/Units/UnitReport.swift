import Foundation
import GradientDiagnostics
import Language
import LinearAlgebra
import RecurrentCells

/// What each unit of a language model keeps of a text: the features of the text that it goes along with more than chance
/// explains, how long it remembers, and how saturated its gates are.
public struct UnitReport: Sendable {
  /// A unit and a feature.
  public struct Finding: Sendable, Equatable {
    public let unit: UnitName
    public let association: UnitAssociation
    /// r² that a unit must exceed to be above chance, corrected for all units and features: by circular shifts, and by
    /// untrained networks of the same shape.
    public let chance: Double
    /// p, corrected likewise: the larger of both.
    public let probability: Double
    /// The area under the ROC curve of the unit's value for a yes-or-no feature; nil for numbers.
    public let auc: Double?
  }

  /// All units, in the order of the table.
  public let units: [UnitName]
  public let table: AssociationTable
  /// What untrained networks of the same shape reach; nil where none was looked at.
  public let untrained: UntrainedLevels?
  /// The pairs above chance, the strongest first.
  public let findings: [Finding]
  /// By unit: the lag at which its autocorrelation falls below 1/e.
  public let correlationTimes: [CorrelationTime]
  /// By unit of an LSTM's c or a GRU's h: steps in which its state falls to 1/e through the forget or update gate alone,
  /// −1/⟨ln f⟩; nil for other units.
  public let gateTimes: [Double?]
  /// By unit of a sigmoid gate: the share of time that it is nearly shut and nearly open; nil for others.
  public let saturation: [(left: Double, right: Double)?]
  /// Characters read.
  public let length: Int

  package init(
    units: [UnitName], table: AssociationTable, untrained: UntrainedLevels? = nil, findings: [Finding],
    correlationTimes: [CorrelationTime],
    gateTimes: [Double?], saturation: [(left: Double, right: Double)?], length: Int
  ) {
    (self.units, self.table, self.untrained, self.findings) = (units, table, untrained, findings)
    (self.correlationTimes, self.gateTimes, self.saturation) = (correlationTimes, gateTimes, saturation)
    self.length = length
  }

  /// Units with at least one finding.
  public var unitsAboveChance: Int { Set(findings.map(\.unit)).count }
  /// The strongest findings of a feature.
  public func top(_ limit: Int, ofFeature name: String) -> [Finding] {
    Array(findings.lazy.filter { $0.association.feature == name }.prefix(limit))
  }
  /// The strongest finding of a unit.
  public func best(of unit: UnitName) -> Finding? { findings.first { $0.unit == unit } }
}

/// How units are looked at.
public struct UnitReportOptions: Sendable {
  /// Circular shifts that chance is measured with: S, for a level of 1/(S + 1).
  public var shifts = 19
  /// Of the shifts.
  public var seed: UInt64 = 0
  public var features: [any TextFeature] = TextFeatures.all
  /// Untrained networks that a trained one is compared with: K, for a level of 1/(K + 1); 0: none.
  public var untrainedNetworks = 19
  /// Characters that each of them reads, in stretches over the whole text.
  public var untrainedLength = 1 << 15
  /// An untrained network by its number; nil: as PyTorch draws it.
  public var drawUntrained: (@Sendable (Int) throws -> Network<Float>)?
  /// Areas under curves are taken over so many characters at most, of so many pairs.
  public var aucLength = 1 << 17, aucPairs = 256

  public init() {}
}

extension LanguageModel where Element == Float {
  /// Reads a text and finds what the units keep.
  ///
  /// - Parameter progress: told of how many characters have been read.
  /// - Throws: ``LanguageModelError``, ``UnitSeriesError``.
  /// - Precondition: a model of characters.
  /// - Complexity: two forward passes, and 2·n·U·F·(S + 1) operations in matrix products.
  public func unitReport(
    _ tokens: [Int32], _ options: UnitReportOptions = UnitReportOptions(), progress: (Int) -> Void = { _ in }
  ) throws -> UnitReport {
    try withoutActuallyEscaping(progress) { progress in
      try network.cell.accept(
        Looking(model: self, tokens: tokens, options: options, progress: progress)
      ).get()
    }
  }
}

private struct Looking: CellVisitor {
  typealias Element = Float
  let model: LanguageModel<Float>
  let tokens: [Int32]
  let options: UnitReportOptions
  let progress: (Int) -> Void

  init(
    model: LanguageModel<Float>, tokens: [Int32], options: UnitReportOptions,
    progress: @escaping (Int) -> Void
  ) {
    (self.model, self.tokens, self.options, self.progress) = (model, tokens, options, progress)
  }

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> Result<UnitReport, any Error>
  where Cell.Element == Float {
    Result { try report(type) }
  }

  private var hidden: Int { model.network.recurrent.hiddenSize }

  private func report<Cell: RecurrentCell>(_ type: Cell.Type) throws -> UnitReport
  where Cell.Element == Float {
    precondition(model.vocabulary.level == .characters, "features are of characters")
    let groups = UnitGroup.all(layers: model.network.recurrent.layers.count, of: model.network.cell)
    let units = groups.flatMap { group in (0..<hidden).map { UnitName(group: group, unit: $0) } }
    let text = tokens.map { model.vocabulary.tokens[Int($0)].unicodeScalars.first ?? " " }
    var associations = try UnitAssociations(
      units: units.count, length: tokens.count,
      features: options.features.lazy.map { FeatureSeries($0, of: text) }, shiftCount: options.shifts,
      seed: options.seed)
    var autocorrelation = UnitAutocorrelation(units: units.count)
    // Sigmoid gates alone, side by side.
    let gates = units.indices.filter { u in
      if case .gate(let gate) = units[u].group.quantity { gate.isSigmoid } else { false }
    }
    var saturation = gates.isEmpty ? nil : GateSaturation(units: gates.count)
    var gateRows: [Float] = []
    var logs = [Double](repeating: 0, count: units.count)
    let kept = Self.keepingGates(groups, hidden: hidden)
    let reader = UnitReader<Cell>(model.network)
    var done = 0
    try reader.read(tokens) { rows, first, number in
      try associations.add(rows, at: first)
      // Of one reader the rows follow each other.
      if number == 0 { try autocorrelation.add(rows) }
      if saturation != nil {
        gateRows.removeAll(keepingCapacity: true)
        for start in stride(from: 0, to: rows.count, by: units.count) {
          for u in gates { gateRows.append(rows[start + u]) }
        }
        try saturation?.add(gateRows)
      }
      for range in kept { addLogarithms(rows, units.count, range, to: &logs) }
      done += rows.count / units.count
      progress(done)
    }
    let table = associations.table()
    let untrained = try untrainedLevels(table, text, type)
    let found = UnitRanking(table).associations.compactMap { found -> (UnitAssociation, Double, Double)? in
      guard let feature = table.features.firstIndex(of: found.feature) else { return nil }
      guard let untrained else { return (found, table.threshold(feature: feature), found.probability) }
      let others = untrained.levels.threshold(feature: feature)
      // On what the untrained ones have read as well: a feature that is rarer there has other levels.
      let there = untrained.own[feature * table.units + found.unit]
      guard min(found.rSquared, there) > others else { return nil }
      return (
        found, max(table.threshold(feature: feature), others),
        max(found.probability, untrained.levels.probability(rSquared: there, feature: feature))
      )
    }
    let times = autocorrelation.table()
    let areas = try areas(found.prefix(options.aucPairs).map(\.0), text, reader, units.count)
    return UnitReport(
      units: units, table: table, untrained: untrained?.levels,
      findings: found.enumerated().map { k, found in
        UnitReport.Finding(
          unit: units[found.0.unit], association: found.0, chance: found.1, probability: found.2,
          auc: k < areas.count ? areas[k] : nil)
      },
      correlationTimes: units.indices.map { times.time(ofUnit: $0) },
      gateTimes: gateTimes(groups, logs),
      saturation: shares(saturation, of: gates, units.count), length: tokens.count)
  }

  private func shares(
    _ saturation: GateSaturation?, of gates: [Int], _ count: Int
  ) -> [(left: Double, right: Double)?] {
    var shares = [(left: Double, right: Double)?](repeating: nil, count: count)
    guard let saturation else { return shares }
    let (low, high) = (saturation.lowShares, saturation.highShares)
    for (k, u) in gates.enumerated() { shares[u] = (low[k], high[k]) }
    return shares
  }

  // MARK: - Untrained networks

  /// What untrained networks reach on stretches of the text, and r² there of every pair of this one [F, U]; nil where none
  /// is to be looked at.
  private func untrainedLevels<Cell: RecurrentCell>(
    _ table: AssociationTable, _ text: [Unicode.Scalar], _ type: Cell.Type
  ) throws -> (levels: UntrainedLevels, own: [Double])? where Cell.Element == Float {
    guard options.untrainedNetworks > 0, !table.features.isEmpty else { return nil }
    let stretches = TextStretches(of: tokens.count, limit: options.untrainedLength)
    let read = stretches.values(tokens)
    let series = options.features.filter { table.features.contains($0.name) }.map { feature in
      FeatureSeries(name: feature.name, values: stretches.values(feature.values(of: text)))
    }
    func rSquared(_ network: Network<Float>) throws -> [Double] {
      var sums = try UnitAssociations(
        units: table.units, length: read.count, features: series, shiftCount: 0)
      try UnitReader<Cell>(network).read(read) { rows, first, _ in try sums.add(rows, at: first) }
      let found = sums.table()
      return table.features.flatMap { name -> [Double] in
        // A feature that does not vary on the stretches tells nothing.
        guard let f = found.features.firstIndex(of: name) else {
          return [Double](repeating: 0, count: table.units)
        }
        return (0..<table.units).map { pow(found.correlation(unit: $0, feature: f), 2) }
      }
    }
    func largest(_ values: [Double]) -> [Double] {
      table.features.indices.map { f in
        values[f * table.units..<(f + 1) * table.units].reduce(0) { max($0, $1) }
      }
    }
    let own = try rSquared(model.network)
    let others = try (0..<options.untrainedNetworks).map { k in
      largest(try rSquared(try options.drawUntrained?(k) ?? model.network.drawnAnew(seed: UInt64(k))))
    }
    return (UntrainedLevels(own: largest(own), others: others), own)
  }

  // MARK: - Memory by gates

  /// Where the gates are that carry a state on: f of an LSTM, z of a GRU.
  private static func keepingGates(_ groups: [UnitGroup], hidden: Int) -> [Range<Int>] {
    groups.enumerated().compactMap { k, group in
      group.quantity == .gate(.forget) || group.quantity == .gate(.update)
        ? k * hidden..<(k + 1) * hidden : nil
    }
  }

  private func addLogarithms(
    _ rows: UnsafeBufferPointer<Float>, _ width: Int, _ range: Range<Int>, to sums: inout [Double]
  ) {
    for first in stride(from: 0, to: rows.count, by: width) {
      for u in range { sums[u] += Double(logf(rows[first + u])) }
    }
  }

  /// −1/⟨ln f⟩ beside the state that f carries: c of an LSTM, h of a GRU.
  private func gateTimes(_ groups: [UnitGroup], _ logs: [Double]) -> [Double?] {
    var times = [Double?](repeating: nil, count: groups.count * hidden)
    for (g, group) in groups.enumerated() {
      let state: UnitGroup.Quantity
      switch group.quantity {
      case .gate(.forget): state = .cell
      case .gate(.update): state = .hidden
      default: continue
      }
      guard let target = groups.firstIndex(of: UnitGroup(layer: group.layer, quantity: state)) else {
        continue
      }
      for k in 0..<hidden {
        let sum = logs[g * hidden + k]
        times[target * hidden + k] = sum < 0 ? -Double(tokens.count) / sum : .infinity
      }
    }
    return times
  }

  // MARK: - Areas under curves

  /// Of the pairs whose feature is yes or no, over the first characters; nil for numbers, and where the feature is the same
  /// throughout.
  private func areas<Cell: RecurrentCell>(
    _ pairs: [UnitAssociation], _ text: [Unicode.Scalar], _ reader: UnitReader<Cell>, _ width: Int
  ) throws -> [Double?] where Cell.Element == Float {
    if pairs.isEmpty { return [] }
    let length = min(tokens.count, options.aucLength)
    let units = Array(Set(pairs.map(\.unit))).sorted()
    var series = [[Float]](repeating: Array(repeating: 0, count: length), count: units.count)
    try reader.read(Array(tokens.prefix(length))) { rows, first, _ in
      for (k, unit) in units.enumerated() {
        for row in 0..<rows.count / width { series[k][first + row] = rows[row * width + unit] }
      }
    }
    var labels: [String: [Bool]] = [:]
    for feature in options.features where feature.kind == .yesNo {
      labels[feature.name] = feature.values(of: text).prefix(length).map { $0 > 0 }
    }
    return pairs.map { pair in
      guard let labels = labels[pair.feature], let place = units.firstIndex(of: pair.unit) else { return nil }
      return rankAUC(values: series[place], labels: labels)
    }
  }
}

extension Gate {
  /// Whether its values are in (0, 1).
  var isSigmoid: Bool {
    switch self {
    case .input, .forget, .output, .reset, .update: true
    case .preactivation, .candidate, .new: false
    }
  }
}
