// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Networks against an oracle that runs each sequence alone")
struct OracleNetworkTests {
  // Every number is a sum of at most some hundred products of numbers near 1, and may have cancelled a
  // thousandfold.
  static let tolerance = 1e-11

  private static func agree(_ item: OracleCase, _ found: [String], _ said: String = "") {
    #expect(found.isEmpty, "\(item)\(said): \(found.prefix(3).joined(separator: "; "))")
  }

  /// Depths, directions and lengths for every cell, so that none depends on a draw.
  static let grid: [OracleCase] = NaiveNetwork.Cell.allCases.flatMap { cell in
    (1...3).flatMap { layers in
      (1...2).flatMap { directions in
        [[4, 4, 4], [6, 3, 3, 1]].enumerated().map { index, lengths in
          var form = OracleCase.Form(cell)
          (form.layers, form.directions, form.lengths) = (layers, directions, lengths)
          form.reads = OracleCase.Reads.allCases[(layers + directions + index) % 4]
          form.reading = OracleLoss.Reading.allCases[(layers + index) % 3]
          form.measure = index == 0 ? .crossEntropy : .meanSquare
          form.hasInitialState = directions == 2
          return OracleCase(form, seed: UInt64(layers * 10 + directions))
        }
      }
    }
  }

  @Test(arguments: grid) func everyGradientAgrees(_ item: OracleCase) {
    Self.agree(item, item.differences(item.run(Double.self), relative: Self.tolerance))
  }

  // 150 networks a cell: embeddings, tied readouts, encoders, ignored classes, step clips and all else by
  // chance.
  @Test(arguments: NaiveNetwork.Cell.allCases) func drawnNetworksAgree(cell: NaiveNetwork.Cell) {
    for seed in UInt64(1)...150 {
      let item = OracleCase(.drawn(seed: seed, cell: cell), seed: seed)
      Self.agree(item, item.differences(item.run(Double.self), relative: Self.tolerance))
    }
  }

  @Test(arguments: NaiveNetwork.Cell.allCases) func networksThatDropOutAgree(cell: NaiveNetwork.Cell) {
    for seed in UInt64(1)...40 {
      let draw = DropoutDraw(rate: 0.3, rootSeed: 5, seed: seed, iteration: Int(seed) * 3)
      var form = OracleCase.Form.drawn(seed: seed, cell: cell)
      form.layers = 2 + Int(seed % 2)
      let item = OracleCase(form, seed: seed).dropping(draw)
      let found = item.differences(item.run(Double.self, dropout: draw), relative: Self.tolerance)
      Self.agree(item, found, " dropping out")
    }
  }

  // Segments of some steps each, which sequences begin within.
  @Test(arguments: NaiveNetwork.Cell.allCases) func checkpointsChangeNothing(cell: NaiveNetwork.Cell) {
    for (seed, lengths) in [[40, 40], [50, 33, 7, 7, 1]].enumerated() {
      for directions in 1...2 {
        var form = OracleCase.Form(cell)
        (form.layers, form.directions, form.lengths) = (2, directions, lengths)
        (form.reads, form.reading) = (.embedding, .everyStep)
        form.scale = 0.7
        let item = OracleCase(form, seed: UInt64(seed))
        Self.agree(
          item, item.differences(item.run(Double.self, tapeBudget: 0), relative: 1e-10), " in segments")
      }
    }
  }

  // Runs of other shapes, depths, directions, tokens and clips between, all on the memory of one pass.
  @Test(arguments: NaiveNetwork.Cell.allCases) func runsOnTheMemoryOfOthersAgree(cell: NaiveNetwork.Cell) {
    func check<Cell: RecurrentCell<Double>>(_ type: Cell.Type) {
      let pass = NetworkPass<Cell>()
      for seed in UInt64(400)...500 {
        // The same shape twice, then another.
        let item = OracleCase(.drawn(seed: seed / 2, cell: cell), seed: seed)
        Self.agree(
          item, item.differences(item.run(on: pass), relative: Self.tolerance), " after others")
      }
    }
    check(CellKind(rawValue: cell.rawValue)!.type(for: Double.self))
  }

  @Test(arguments: NaiveNetwork.Cell.allCases) func singlePrecisionAgreesToItsRounding(
    cell: NaiveNetwork.Cell
  ) {
    for seed in UInt64(600)...640 {
      var form = OracleCase.Form.drawn(seed: seed, cell: cell)
      // Whether a norm exceeds a threshold, or a unit is off, may turn on a rounding.
      form.clip = .none
      guard cell != .relu else { return }
      let item = OracleCase(form, seed: seed)
      Self.agree(item, item.differences(item.run(Float.self), relative: 2e-3), " in single precision")
    }
  }

  // MARK: - Far outside the range

  /// ρ near 1e-3 along 200 steps: 1e-700 at the other end. `Double` ends at 1e-308.
  static let vanishing: [OracleCase] = NaiveNetwork.Cell.allCases.flatMap { cell in
    [(1, 1, false), (2, 1, false), (2, 2, false), (1, 1, true), (2, 1, true)].flatMap {
      layers, directions, encodes in
      OracleLoss.Reading.allCases.enumerated().map { index, reading in
        var form = OracleCase.Form(cell)
        (form.layers, form.directions, form.hiddenSize, form.scale) = (layers, directions, 2, 1e-3)
        (form.reads, form.reading) = (.embedding, reading)
        form.measure = OracleCase.Measure.allCases[index]
        form.lengths = encodes ? [60, 60, 20] : [200, 90, 1]
        form.sources = encodes ? [140, 100, 3] : nil
        return OracleCase(form, seed: UInt64(10 * layers + directions)).withClosedGates
      }
    }
  }

  @Test(arguments: vanishing) func gradientsFarBelowTheRangeAgree(_ item: OracleCase) throws {
    let (run, oracle) = (item.run(Double.self), item.gradients)
    Self.agree(item, item.differences(run, relative: 1e-10, from: oracle))
    let segments = item.run(Double.self, tapeBudget: 0)
    Self.agree(item, item.differences(segments, relative: 1e-10, from: oracle), " in segments")
    // A unit of a ReLU network may be off at some step; then zero is the answer. Lower layers see what comes
    // from above at every step where that has two directions.
    if item.loss.reading == .finalStates, item.network.cell != .relu {
      let sizes = run.layers.values.compactMap { $0.delta[0][1].map(\.log10).max() }
      let size = try #require(sizes.min())
      #expect(size < -200 && size.isFinite, "\(size) in \(item)")
    }
  }

  // Weights near 30 and no input but at the last steps, so that states stay small.
  @Test(arguments: [(1, false), (2, false), (1, true), (2, true)])
  func gradientsFarAboveTheRangeAgree(layers: Int, encodes: Bool) throws {
    for (index, reading) in OracleLoss.Reading.allCases.enumerated() {
      var form = OracleCase.Form(.linear)
      (form.layers, form.hiddenSize, form.scale) = (layers, 2, 30)
      form.reading = reading
      form.measure = OracleCase.Measure.allCases[index]
      form.lengths = encodes ? [60, 60, 20] : [250, 90, 1]
      form.sources = encodes ? [240, 100, 3] : nil
      let item = OracleCase(form, seed: UInt64(layers)).quietUntilTheEnd
      let run = item.run(Double.self)
      Self.agree(item, item.differences(run, relative: 1e-10))
      // A class that is certain beyond any number has a gradient of zero.
      guard form.measure != .crossEntropy else { continue }
      let first = try #require(run.layers.min { $0.key < $1.key }).value.delta[0][1]
      let size = try #require(first.map(\.log10).max())
      #expect(size > 308, "\(size) in \(item)")
    }
  }
}

extension OracleCase {
  /// Forget gates of an LSTM and update gates of a GRU let little through: σ(−8).
  fileprivate var withClosedGates: OracleCase {
    guard network.cell == .lstm || network.cell == .gru else { return self }
    var copy = self
    func close(_ part: inout OracleNetwork.Part) {
      let h = network.hiddenSize
      for l in part.layers.indices {
        for d in part.layers[l].indices { for k in h..<2 * h { part.layers[l][d].b_ih[k] = -8 } }
      }
    }
    close(&copy.network.body)
    if var encoder = network.encoder {
      close(&encoder)
      copy.network.encoder = encoder
    }
    return copy
  }

  /// No biases, and inputs of 0 but for the last three of each sequence.
  fileprivate var quietUntilTheEnd: OracleCase {
    var copy = self
    func quiet(_ inputs: OracleInputs) -> OracleInputs {
      guard case .dense(let rows) = inputs else { return inputs }
      return .dense(rows.enumerated().map { t, row in t + 3 < rows.count ? row.map { _ in 0 } : row })
    }
    func unbiased(_ part: OracleNetwork.Part) -> OracleNetwork.Part {
      var part = part
      for l in part.layers.indices {
        for d in part.layers[l].indices {
          part.layers[l][d].b_ih = part.layers[l][d].b_ih.map { _ in 0 }
          part.layers[l][d].b_hh = part.layers[l][d].b_hh.map { _ in 0 }
        }
      }
      return part
    }
    for b in batch.indices {
      copy.batch[b].inputs = quiet(batch[b].inputs)
      copy.batch[b].source = batch[b].source.map(quiet)
    }
    copy.network.body = unbiased(network.body)
    copy.network.encoder = network.encoder.map(unbiased)
    return copy
  }
}
