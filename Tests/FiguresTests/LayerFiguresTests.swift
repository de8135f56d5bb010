import Experiments
import Figures
import Foundation
import GradientFlow
import Testing

@Suite("Figures of networks with several layers") struct LayerFiguresTests {
  private func plot(
    _ run: Run, _ name: FigureName, _ choice: FigureChoice = FigureChoice(), where texts: [String] = []
  ) throws -> Plot {
    var request = FigureRequest(name)
    request.choice = choice
    if !texts.isEmpty { request.selection = try FigureSelection(texts) }
    let (drawings, omitted) = try FigureSet(run, requests: [request]).drawings()
    return try #require(drawings.first, "omitted: \(omitted)").plot
  }

  private func table(_ plot: Plot) -> [[String: String]] { rows(ofCSV: plot.table.csv) }

  private static let stack = """
    cells: [rnn, gru]
    layers: 2
    bidirectional: true
    sequence_length: 6
    spectral_radius: [0.5, 1]
    seeds: 1

    """

  // MARK: - Rows, curves and panels

  @Test func everyLayerAndDirectionHasARowOfPanelsWithItsOwnNorms() async throws {
    let tiny = try await TinyRun(Self.stack)
    let decay = try plot(tiny.run, "decay")
    let names = ["layer 0 forward", "layer 0 reverse", "layer 1 forward", "layer 1 reverse"]
    #expect(decay.panels.map(\.title) == names.flatMap { ["\($0), ρ = 0.5", "\($0), ρ = 1"] })
    #expect(decay.grid?.columns == 2)
    #expect(decay.caption.parts.contains("layers count from 0, which reads the inputs"))
    let trial = try #require(tiny.run.trials.first)
    let record = try #require(try tiny.run.record(trial))
    for layer in record.layers {
      let found = table(decay).filter {
        $0["cell"] == "rnn" && $0["spectral_radius"] == "0.5" && $0["layer"] == "\(layer.place.layer)"
          && $0["direction"] == layer.place.direction.rawValue
      }
      let norms = try #require(layer.steps?.columns[.hiddenMean])
      #expect(found.count == 6)
      for (lag, row) in found.enumerated() {
        let drawn = try #require(row["log10_median"].flatMap(Double.init))
        #expect(drawn == norms[6 - lag] || abs(drawn - norms[6 - lag]) <= 1e-7 * abs(drawn))
      }
    }
  }

  @Test func aReaderMayTellLayersApartByCurvesOrPanels() async throws {
    let tiny = try await TinyRun(Self.stack)
    func choice(hue: PlaceAxis? = nil, panel: PlaceAxis? = nil) -> FigureChoice {
      FigureChoice(x: nil, hue: hue.map(FigureAxis.place), panel: panel.map(FigureAxis.place))
    }
    let hue = try plot(tiny.run, "decay", choice(hue: .layer))
    #expect(hue.panels.map(\.title) == ["ρ = 0.5", "ρ = 1"])
    #expect(
      hue.legend.map(\.title).prefix(4) == [
        "layer 0 forward", "layer 0 reverse", "layer 1 forward", "layer 1 reverse",
      ])
    let both = try plot(tiny.run, "decay", choice(hue: .layer, panel: .direction))
    #expect(both.panels.map(\.title) == ["forward", "reverse"])
    #expect(both.legend.map(\.title).prefix(2) == ["layer 0", "layer 1"])
  }

  @Test func manyLayersAreCurves() async throws {
    let tiny = try await TinyRun("cells: rnn\nlayers: 6\nsequence_length: 4\nseeds: 1\n")
    let decay = try plot(tiny.run, "decay")
    #expect(decay.panels.count == 1)
    #expect(decay.legend.map(\.title).prefix(6) == (0..<6).map { "layer \($0)" }[...])
  }

  @Test func oneLayerHasNoNameAndNoColumn() async throws {
    let tiny = try await TinyRun(
      "cells: [rnn, gru]\nsequence_length: 4\nspectral_radius: [0.5, 1]\nseeds: 1\n")
    let decay = try plot(tiny.run, "decay")
    #expect(decay.panels.map(\.title) == ["ρ = 0.5", "ρ = 1"])
    #expect(!decay.table.columns.contains("layer") && decay.grid == nil)
    #expect(!decay.caption.parts.contains { $0.contains("layer") })
  }

  // MARK: - Choosing

  @Test func chosenLayersAloneAreShownAndNamed() async throws {
    let tiny = try await TinyRun(Self.stack)
    let decay = try plot(tiny.run, "decay", where: ["layer=0,direction=reverse"])
    #expect(decay.panels.map(\.title) == ["ρ = 0.5", "ρ = 1"])
    #expect(decay.caption.parts.contains("of layer 0 of 2, read from the end"))
    #expect(
      decay.caption.parts.contains { $0.hasPrefix("below the last layer gradients also enter from above") })
    var request = FigureRequest("decay")
    try request.choose(FigureSelection(["layer=0,direction=reverse"]))
    #expect(request.fileName == "decay-layer-0-direction-reverse")
  }

  @Test(arguments: [
    (["layer=7"], "no network has such a layer; allowed: 0, 1"),
    (["layer=-1"], "is none"), (["direction=up"], "allowed: forward, reverse"),
    (["part=encoder"], "no network has such a part"), (["laier=1"], "did you mean 'layer'?"),
  ])
  func whatNoNetworkHasIsRefused(texts: [String], message: String) async throws {
    let trials = try SweepSpecification.parse(text: "name: s\nhidden_size: 4\n" + Self.stack, file: "s.yaml")
      .trials
    #expect {
      _ = try FigureSelection(texts).chosen(from: trials)
    } throws: {
      "\($0)".contains(message)
    }
  }

  // MARK: - Rates

  @Test func ratesAreOfTheLastLayerReadForwardWithoutTheory() async throws {
    let tiny = try await TinyRun(
      "cells: rnn\nlayers: 2\nsequence_length: 6\nspectral_radius: [0.5, 1, 1.5]\nseeds: 2\n")
    let rate = try plot(tiny.run, "rate")
    #expect(rate.caption.parts.contains("of layer 1, the last of 2"))
    let rows = table(rate)
    #expect(rows.count == 3 && rows.allSatisfy { $0["mean_field_low"] == "" })
    let own = try tiny.run.trials.filter { $0.spectralRadius == 1 }.map {
      try #require(try tiny.run.record($0)?.decayRate)
    }
    let drawn = try #require(
      rows.first { $0["spectral_radius"] == "1" }?["decay_rate_mean"].flatMap(Double.init))
    #expect(abs(drawn - own.reduce(0, +) / 2) < 1e-12)
  }

  @Test func depthIsAnAxisWhoseCurvesAreLayers() async throws {
    let tiny = try await TinyRun("cells: rnn\nlayers: [1, 2, 3]\nsequence_length: 6\nseeds: 2\n")
    let rate = try plot(tiny.run, "rate", FigureChoice(x: .layers))
    #expect(rate.legend.map(\.title) == ["layer 0", "layer 1", "layer 2", "the last layer of each network"])
    let found = table(rate).map { "\($0["layers"] ?? "") \($0["layer"] ?? "")" }
    #expect(found == ["1 0", "2 0", "3 0", "2 1", "3 1", "3 2"])
    #expect(rate.panels[0].x.tics.map(\.name) == ["1", "2", "3"])
    #expect(rate.statement.hasPrefix("The last layer of each network: "))
  }

  /// A network of one layer is also spoken of by its last one.
  @Test func captionsSpeakOfAllThatIsDrawn() async throws {
    let tiny = try await TinyRun(
      "cells: [rnn, gru]\nlayers: [1, 3]\nsequence_length: 6\nspectral_radius: [0.5, 1, 1.5]\nseeds: 2\n")
    let rate = try plot(tiny.run, "rate")
    #expect(rate.caption.parts.contains("of the last layer of each network"))
    #expect(rate.panels.map(\.title) == ["L = 1", "L = 3"])
    #expect(rate.statement.contains("L = 1: rnn ") && rate.statement.contains("L = 3: rnn "))
  }

  @Test func eachPanelIsSpokenOfWhereNoneIsTheUsualOne() async throws {
    let tiny = try await TinyRun(
      "cells: [rnn, lstm, gru]\nlayers: [1, 2, 3]\nbidirectional: [false, true]\nsequence_length: 6\nseeds: 2\n"
    )
    let rate = try plot(tiny.run, "rate", FigureChoice(x: .layers), where: ["layer=0"])
    #expect(rate.panels.map(\.title) == ["rnn", "lstm", "gru"])
    for cell in ["rnn", "lstm", "gru"] { #expect(rate.statement.contains("\(cell): layer 0 ")) }
    #expect(rate.caption.parts.contains("layers count from 0, which reads the inputs"))
    #expect(
      rate.caption.parts.contains { $0.hasPrefix("below the last layer gradients also enter from above") })
  }

  /// The text names the extremes, wherever they are.
  @Test func whatIsSaidOfACurveIsItsRange() async throws {
    let tiny = try await TinyRun(
      "cells: [rnn-linear, lstm, gru, rnn]\nsequence_length: 30\nspectral_radius: [0.5, 0.9]\nseeds: 1\n")
    let decay = try plot(tiny.run, "decay", FigureChoice(hue: .spectralRadius, panel: .cell))
    for radius in ["0.5", "0.9"] {
      let last = table(decay).filter {
        $0["spectral_radius"] == radius && $0["lag"] == "29" && $0["gradient"] == "h"
      }
      let norms = last.compactMap { row in
        row["log10_median"].flatMap(Double.init).map { ($0, row["cell"] ?? "") }
      }
      let (least, most) = (try #require(norms.min { $0.0 < $1.0 }), try #require(norms.max { $0.0 < $1.0 }))
      #expect(norms.count == 4 && most.0 - least.0 > 2)
      let text = try #require(
        decay.statement.components(separatedBy: "; ").first { $0.contains("ρ = \(radius): ") })
      #expect(text.contains("(\(least.1))") && text.contains("(\(most.1))"), "\(text)")
    }
  }

  @Test func noLayerIsDottedAsTheStatesOfACellAre() async throws {
    let tiny = try await TinyRun(
      "cells: lstm\nlayers: 4\nbidirectional: true\nsequence_length: 4\nseeds: 1\n")
    let decay = try plot(tiny.run, "decay")
    let curves = decay.legend.filter { $0.title.hasPrefix("layer") }
    #expect(curves.count > 4 && curves.allSatisfy { ($0.style.dashes.max() ?? 9) > 4 })
  }

  @Test func clippingSaysWhatIsHeld() async throws {
    let tiny = try await TinyRun(
      """
      cells: rnn
      layers: [1, 2]
      bidirectional: [false, true]
      min_length: [none, 3]
      spectral_radius: 3
      sequence_length: 6
      clip: [none, {step-norm: 0.5}]
      seeds: 1

      """)
    let parts = try plot(tiny.run, "clipping").caption.parts
    for part in ["2 layers (most of 2)", "read forward (first of 2)", "one length (first of 2)"] {
      #expect(parts.contains(part), "\(parts)")
    }
  }

  @Test func figuresOfWholeNetworksHaveNoLayers() async throws {
    let tiny = try await TinyRun(
      "cells: rnn\nlayers: [1, 2]\ntask: {kind: temporal-order}\nsequence_length: 10\niterations: 4\n"
        + "evaluation_size: 100\nseeds: 1\n", sizes: "hidden_size: 6\nbatch_size: 4\n")
    for name: FigureName in ["loss", "norms"] {
      _ = try plot(tiny.run, name)
      var chosen = FigureRequest(name)
      chosen.selection = try FigureSelection(["layer=1"])
      var told = FigureRequest(name)
      told.choice = FigureChoice(x: nil, hue: nil, panel: .place(.layer))
      for request in [chosen, told] {
        let (drawings, omitted) = try FigureSet(tiny.run, requests: [request]).drawings()
        #expect(drawings.isEmpty && "\(omitted)".contains("whole networks, of which no layer can be chosen"))
      }
    }
    #expect(throws: SpecificationError.self) {
      let text = "name: s\ncells: rnn\nlayers: 2\ntask: {kind: adding}\niterations: 4\n"
      _ = try FigureSet.requests(
        of: SweepSpecification.parse(
          text: text + "figures: [{figure: loss, where: {layer: 0}}]", file: "s.yaml"))
    }
  }

  @Test func theoriesAreNotHeldAgainstStacks() async throws {
    let tiny = try await TinyRun(
      "cells: rnn\nlayers: 2\nsequence_length: 6\nspectral_radius: [0.5, 1]\nseeds: 1\n")
    let omitted = try FigureSet(tiny.run, names: ["theory"]).drawings().omitted
    #expect("\(omitted)".contains("one layer, read forward"))
  }

  // MARK: - Encoder and decoder

  private static let reversal =
    "cells: rnn\ntask: {kind: reversal, symbols: 2}\nsequence_length: 5\nseeds: 1\n"

  @Test func theWayBackGoesThroughDecoderAndEncoderWithTheSeamMarked() async throws {
    let tiny = try await TinyRun(Self.reversal, sizes: "hidden_size: 6\nbatch_size: 4\n")
    let decay = try plot(tiny.run, "decay")
    let trial = try #require(tiny.run.trials.first)
    let path = try #require(try tiny.run.record(trial)?.paths(of: trial).first)
    let seam = try #require(path.seam)
    #expect(decay.panels.count == 1)
    let rule = try #require(decay.panels[0].rules.first { $0.beyond == "encoder" })
    #expect(rule.label == "decoder" && rule.value == Double(path.table.steps - seam))
    #expect(table(decay).count == path.table.steps)
    #expect(decay.caption.parts.contains { $0.contains("the decoder's") && $0.contains("the encoder's") })
    let encoder = try plot(tiny.run, "decay", where: ["part=encoder"])
    #expect(table(encoder).count == seam)
    #expect(encoder.panels[0].rules.allSatisfy { $0.beyond == nil })
    #expect(encoder.caption.parts.contains("of encoder"))
  }

  @Test func contributionsOfEncoderAndDecoderStandApart() async throws {
    let tiny = try await TinyRun(Self.reversal, sizes: "hidden_size: 6\nbatch_size: 4\n")
    let contributions = try plot(tiny.run, "contributions")
    #expect(contributions.panels.map(\.title) == ["encoder", "decoder"])
  }

  // MARK: - Lengths

  @Test func lagsThatFewSequencesHaveAreThin() async throws {
    let tiny = try await TinyRun(
      "cells: rnn\nsequence_length: 20\nmin_length: 2\nseeds: 1\n",
      sizes: "hidden_size: 6\ninput_size: 3\nbatch_size: 8\n")
    let decay = try plot(tiny.run, "decay")
    let counts = try table(decay).map { try #require($0["sequences"].flatMap(Double.init)) }
    #expect(counts.first == 8 && (counts.last ?? 8) < 4)
    #expect(counts == counts.sorted(by: >))
    let lines = decay.panels[0].marks.filter { if case .line = $0.form { true } else { false } }
    #expect(lines.count == 2)
    #expect(lines[1].rows?.lowerBound == counts.firstIndex { $0 < 4 })
    #expect(lines[1].style.width < lines[0].style.width)
    #expect(decay.caption.parts.contains { $0.contains("thin where") })
  }

  // Whole numbers of three seeds, and a statement of no lag that one of them has alone.
  @Test func sequencesAreCountedOverAllSeedsAndFewAreNotSpokenOf() async throws {
    let tiny = try await TinyRun(
      "cells: rnn\nsequence_length: 20\nmin_length: 2\nseeds: 3\n",
      sizes: "hidden_size: 6\ninput_size: 3\nbatch_size: 4\n")
    let decay = try plot(tiny.run, "decay")
    let lengths = try tiny.run.trials.map { try #require($0.lengths).values }
    // At t ≥ 1 of each seed's longest sequence; the initial state of a shorter one counts.
    func count(_ lag: Int) -> Int {
      lengths.filter { lag < $0[0] }.reduce(0) { sum, own in sum + own.count { $0 >= lag } }
    }
    for row in table(decay) {
      let lag = try #require(row["lag"].flatMap(Int.init))
      #expect(row["sequences"] == "\(count(lag))")
    }
    let told = try #require(decay.statement.firstMatch(of: /At lag (\d+), the longest that half/))
    let lag = try #require(Int(told.1))
    #expect(2 * count(lag) >= count(0) && 2 * count(lag + 1) < count(0))
  }

  // The network keeps every gradient, and lags that no sequence of a batch has are no zeros.
  @Test func theEvolutionOfAConservedGradientDoesNotFade() async throws {
    let tiny = try await TinyRun(
      "task: {kind: adding}\ncells: rnn-linear\ninitializer: orthogonal\nsequence_length: 20\nmin_length: 2\n"
        + "optimizer: sgd\nlearning_rate: 1e-30\niterations: 6\ndiagnose_every: 1\nprecision: float64\n"
        + "seeds: 1\n",
      sizes: "hidden_size: 6\nbatch_size: 3\nevaluation_size: 100\n")
    let evolution = try plot(tiny.run, "evolution")
    let record = try #require(try tiny.run.record(tiny.run.trials[0])?.training)
    let steps = record.profileRows.map(\.steps)
    #expect(Set(steps).count > 1)
    let longest = try #require(steps.max())
    for (k, own) in steps.enumerated() {
      let column = table(evolution).filter { $0["update"] == "\(k + 1)" }
      #expect(column.count == longest)
      for row in column {
        let lag = try #require(row["lag"].flatMap(Int.init))
        #expect((row["log10_grad_h"] == "") == (lag >= own))
      }
      #expect((record.log10Ratio(record.profileRows[k], at: 1) ?? .nan).magnitude < 1e-12)
    }
    #expect(!evolution.table.csv.contains("-inf"))
    #expect(evolution.statement.contains("(1 → 1)"), "\(evolution.statement)")
    let column = try #require(TrainingRow.columns.first { $0.name == "log10_ratio_first_last" })
    let ratios = record.rows.values(column)
    #expect(ratios.count == 6 && ratios.allSatisfy { $0.magnitude < 1e-12 })
  }
}
