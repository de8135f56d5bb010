import Experiments
import Figures
import Foundation
import Testing

@Suite("Figures as they are asked for") struct FigureRequestTests {
  private func specification(_ figures: String) throws -> SweepSpecification {
    try SweepSpecification.parse(
      text: "name: x\nhidden_size: 4\nsequence_length: [4, 8]\nclip: [none, {value: 0.1}]\nseeds: 2\n"
        + figures,
      file: "x.yaml")
  }

  @Test func chosenFiguresHaveNamesOfTheirOwn() throws {
    func name(_ choose: (inout FigureRequest) throws -> Void) rethrows -> String {
      var request = FigureRequest(.decay)
      try choose(&request)
      return request.fileName
    }
    #expect(try name { try $0.choose() } == "decay")
    #expect(try name { try $0.choose(FigureSelection([])) } == "decay")
    #expect(
      try name { try $0.choose(FigureSelection(["T=4,8", "clip=value:0.1"])) } == "decay-T-4-8-clip-value-0.1"
    )
    #expect(
      try name { try $0.choose(FigureSelection(["forget_bias=-1"])) }
        == "decay-forget_bias-minus1".replacing("_", with: "-"))
    #expect(
      try name { try $0.choose(nil, FigureChoice(x: .sequenceLength, hue: .clip, panel: .cell)) }
        == "decay-over-sequence-length-by-clip-per-cells")
    var canvas = CanvasChoice()
    canvas.preset = .screen
    #expect(try name { try $0.choose(canvas: canvas) } == "decay")
    canvas.preset = .slide
    canvas.fontSize = 24
    #expect(try name { try $0.choose(canvas: canvas) } == "decay-slide-24pt")
    #expect(try name { try $0.choose(canvas: canvas, name: "mine") } == "mine")
    let many = (0..<90).map(String.init).joined(separator: ",")
    let (one, other) = (
      try name { try $0.choose(FigureSelection(["seed=\(many)"])) },
      try name { try $0.choose(FigureSelection(["seed=\(many),99"])) }
    )
    #expect(one.utf8.count < 80 && other.utf8.count < 80 && one != other)
  }

  @Test func aSpecificationsFiguresBecomeRequests() throws {
    #expect(
      try FigureSet.requests(of: specification("")).map(\.figure) == FigureSet.all(of: specification("")))
    #expect(try FigureSet.requests(of: specification("figures: []")).isEmpty)
    let requests = try FigureSet.requests(
      of: specification(
        "figures: [decay, {figure: decay, where: {T: 4}, hue: clip, preset: paper-column, size: 90mm, font_size: 8, "
          + "title: title, ink: black}]"))
    #expect(requests.map(\.fileName).count == 2 && requests[0].fileName == "decay")
    #expect(requests[1].fileName == "decay-T-4-by-clip-paper-column-90mm-8pt-title-title-black")
    #expect(requests[1].choice.hue == .trial(.clip) && requests[1].canvas.fontSize == 8)
    #expect(requests[1].canvas.texts == .title && requests[1].canvas.ink == .black)
    #expect(abs(requests[1].canvas.width - 90 / 25.4 * 72) < 1e-9)
  }

  @Test func anotherChoiceOverridesThatOfASpecification() throws {
    var request = try FigureSet.requests(
      of: specification(
        "figures: [{figure: decay, name: mine, where: {T: 4, clip: none}, hue: clip, size: 90mm}]"))[0]
    var canvas = CanvasChoice()
    canvas.ink = .black
    try request.choose(FigureSelection(["T=8"]), FigureChoice(panel: .cell), canvas: canvas)
    #expect(request.fileName == "mine-T-8-per-cells-black")
    #expect(request.selection == (try FigureSelection(["clip=none", "T=8"])))
    #expect(request.choice.hue == .trial(.clip) && request.choice.panel == .trial(.cell))
    #expect(request.canvas.ink == .black && request.canvas.resolution == 300)
  }

  @Test(arguments: [
    (
      "figures: [decya]",
      "x.yaml:6:11: figures: 'decya' is not one of the choices; did you mean 'decay'? Allowed: decay"
    ),
    (
      "figures: [{figure: decay, preset: slid}]",
      "x.yaml:6:35: figures.preset: 'slid' is not one of the choices"
    ),
    ("figures: [{figure: decay, size: 85m}]", "x.yaml:6:33: figures.size: '85m' is not a size"),
    (
      "figures: [{figure: decay, font_size: 1}]",
      "figures.font_size: '1' is out of range; allowed: 3 to 200 points"
    ),
    ("figures: [{figure: decay, size: 20mm, font_size: 40}]", "figures.size: '20mm' is too narrow"),
    ("figures: [{figure: decay, title: no}]", "figures.title: 'no' is not one of the choices; did you mean"),
    (
      "figures: [{figure: decay, ink: blue}]",
      "figures.ink: 'blue' is not one of the choices; allowed: color, black"
    ),
    ("figures: [{figure: decay, x: rho}]", "cannot have spectral_radius as its x axis, which is the lag"),
    ("figures: [decay, decay]", "x.yaml:6:18: figures: 'decay' would be the second figure of this list"),
  ])
  func whatAFigureCannotHaveIsSaidWithItsPlace(text: String, message: String) throws {
    let specification = try specification(text)
    #expect { try FigureSet.requests(of: specification) } throws: { "\($0)".contains(message) }
  }

  @Test func captionsTellRunAndSelection() async throws {
    let tiny = try await TinyRun("cells: [rnn]\nsequence_length: [4, 8]\nseeds: 2\n")
    var request = FigureRequest(.decay)
    try request.choose(FigureSelection(["T=4"]))
    let drawings = try FigureSet(tiny.run, requests: [request]).drawings().drawings
    let plot = try #require(drawings.first?.plot)
    #expect(plot.caption.parts.contains("run tiny (\(tiny.run.id))"))
    #expect(plot.caption.parts.contains("2 of 4 trials: T=4"))
    #expect(plot.provenance == ["run tiny (\(tiny.run.id))"] && plot.name == "decay-T-4")
  }

  @Test func aChoiceOfNoTrialsIsAnErrorOnACommandLineAndAReasonInASpecification() async throws {
    let yaml = "cells: [rnn, lstm]\nforget_bias: [1]\nsequence_length: 4\nseeds: 2\n"
    let tiny = try await TinyRun(yaml + "figures: [{figure: decay, where: {cell: rnn, forget_bias: 1}}]\n")
    let found = try FigureSet(tiny.run).drawings()
    #expect(found.drawings.isEmpty)
    #expect(found.omitted == [.omitted(.decay, reason: "no trial has this value of forget_bias")])
    var request = FigureRequest(.decay)
    try request.choose(FigureSelection(["cell=rnn", "forget_bias=1"]))
    #expect(throws: SpecificationError.self) { try FigureSet(tiny.run, requests: [request]).drawings() }
  }
}
