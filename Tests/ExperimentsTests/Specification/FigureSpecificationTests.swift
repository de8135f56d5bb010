import Experiments
import Foundation
import TestSupport
import Testing

@Suite("The figures that a specification asks for") struct FigureSpecificationTests {
  private static let axes =
    "name: x\ncells: [rnn, lstm]\nsequence_length: [4, 8]\nclip: [none, {global-norm: 1}]\nseeds: 2\n"

  @Test func nothingMeansAllAndIsNotWritten() throws {
    let plain = try parse(Self.axes)
    #expect(plain.figures == nil)
    #expect(try parse(Self.axes + "figures: all") == plain)
    #expect(!plain.normalisedYAML.contains("figures"))
    #expect(try parse(Self.axes + "figures: []").figures == [])
    #expect(try parse(Self.axes + "figures: decay").figures?.map(\.figure.text) == ["decay"])
  }

  static let samples = [
    "figures: [decay, rate]", "figures: []", "figures: [\"7\"]",
    "figures: {figure: decay, where: \"T=4,clip=global-norm:1\", x: rho}",
    "figures:\n  - decay\n  - {figure: decay, where: {T: 4, clip: {global-norm: 1}, seed: [0, 1]}, hue: H, panel: cell}\n"
      + "  - figure: rate\n    name: a.b_c-1\n    preset: slide\n    size: 85 x 60 mm\n    font_size: 7\n    title: none\n"
      + "    ink: black",
  ]

  @Test(arguments: samples) func theNormalisedFormReadsBackEqual(_ text: String) throws {
    let specification = try parse(Self.axes + text)
    let again = try parse(specification.normalisedYAML)
    #expect(again == specification && again.normalisedYAML == specification.normalisedYAML)
    #expect(again.figures == specification.figures)
  }

  @Test func aMappingSelectsAsACommandLineDoes() throws {
    let mapping = try parse(
      Self.axes + "figures: [{figure: decay, where: {T: 4, clip: {global-norm: 1}, seeds: 1}}]")
    let text = try parse(Self.axes + "figures: [{figure: decay, where: \"T=4,clip=global-norm:1,seeds=1\"}]")
    let selection = try #require(mapping.figures?[0].selection)
    #expect(selection == text.figures?[0].selection)
    #expect(selection == (try FigureSelection(["T=4", "clip=global-norm:1", "seed=1"])))
    #expect(try selection.chosen(from: mapping.trials).count == 2)
    #expect(selection.text == "T=4, clip={global-norm: 1}, seed=1")
  }

  @Test func noTrialDependsOnFigures() throws {
    let plain = try parse(Self.axes)
    for text in Self.samples {
      let other = try parse(Self.axes + text)
      #expect(other.trials.map(\.id) == plain.trials.map(\.id) && other.id == plain.id)
      #expect(SpecificationChange(from: plain, to: other) == .same)
    }
    #expect(plain.id.count == 12)
    #expect(try parse(Self.axes.replacing("name: x", with: "name: other")).id == plain.id)
    #expect(try parse(Self.axes.replacing("seeds: 2", with: "seeds: 3")).id != plain.id)
  }

  @Test(arguments: [
    ("figures: [~]", "x.yaml:6:11: figures: nothing is not one word"),
    ("figures: [{hue: clip}]", "figures: a mapping has no 'figure'"),
    ("figures: [{figure: decay, hues: clip}]", "unknown key 'hues' in figures; did you mean 'hue'?"),
    ("figures: [{figure: decay, hue: clib}]", "'clib' is no axis; did you mean 'clip'?"),
    ("figures: [{figure: decay, name: a/b}]", "figures.name: 'a/b' is not a valid name"),
    ("figures: [{figure: decay, where: {}}]", "figures.where: a mapping selects no trials"),
    ("figures: [{figure: decay, where: {T: x}}]", "T: 'x' is not a number"),
    ("figures: [{figure: decay, where: {lenght: 4}}]", "did you mean 'length'?"),
    ("figures: [{figure: decay, where: T=5}]", "no trial has this value of sequence_length; allowed: 4, 8"),
    ("figures: [{figure: decay, font_size: [7]}]", "as in font_size: 7"),
  ])
  func whatIsWrongIsSaidWithItsPlace(text: String, message: String) {
    let error = failure(Self.axes + text)
    #expect(error?.description.contains(message) == true, "\(error?.description ?? "")")
    #expect(error?.description.hasPrefix("x.yaml:6:") == true, "\(error?.description ?? "")")
  }

  @Test func anOverrideOfAnAxisForgetsWhatAFileChoosesOfIt() throws {
    let text = Self.axes + "figures: [{figure: decay, where: {T: 4, clip: none}}]"
    let other = try parse(text, overrides: ["T=16"])
    #expect(other.figures?[0].selection == (try FigureSelection(["clip=none"])))
    #expect(throws: SpecificationError.self) {
      try parse(text, overrides: ["T=16", "figures=[{figure: decay, where: {T: 4}}]"])
    }
  }

  @Test func otherFiguresContinueARunAndAreKeptInIt() async throws {
    let directory = try TemporaryDirectory()
    let path = directory.file("run")
    func sweep(_ more: String) throws -> Sweep {
      try Sweep(parse("hidden_size: 2\nsequence_length: 3\nseeds: 1\n" + more), directory: path)
    }
    _ = try await sweep("").execute()
    let id = try Run(directory: path).id
    let again = try sweep("figures: [{figure: decay, preset: slide}]")
    #expect(again.pending.isEmpty && again.added.isEmpty)
    _ = try await again.execute()
    let run = try Run(directory: path)
    #expect(run.id == id)
    #expect(run.specification.figures?.map(\.preset?.text) == ["slide"])
  }
}
