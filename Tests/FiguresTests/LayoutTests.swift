import Experiments
import Figures
import Foundation
import Testing

/// What a script says of where things are: read back from its commands.
@Suite struct LayoutTests {
  /// A part of the page, in shares of it.
  private struct Box {
    var left = 0.0, right = 0.0, bottom = 0.0, top = 0.0

    func overlaps(_ other: Box) -> Bool {
      left < other.right && other.left < right && bottom < other.top && other.bottom < top
    }
  }

  private static let yaml = """
    cells: [rnn, lstm, gru]
    sequence_length: [4, 8, 16]
    spectral_radius: {from: 0.5, to: 1.5, step: 0.2}
    input_scale: [0.5, 1]
    clip: [none, {step-norm: 1}, {value: 0.1}]
    seeds: 2

    """

  /// The places of the panels, in their order; the legend's first.
  private func boxes(_ script: String) throws -> [Box] {
    var found: [Box] = []
    var box = Box()
    let margins = ["set lmargin", "set bmargin", "set tmargin"]
    for line in script.split(separator: "\n") where margins.contains(where: line.hasPrefix) {
      for command in line.split(separator: ";") {
        let words = command.split(separator: " ")
        let value = try #require(words.last.flatMap { Double($0) })
        switch words[1] {
        case "lmargin": box.left = value
        case "rmargin": box.right = value
        case "tmargin": box.top = value
        default: box.bottom = value
        }
      }
      if !line.hasPrefix("set lmargin") { found.append(box) }
    }
    return found
  }

  @Test(arguments: Canvas.Preset.allCases)
  func panelsAreOnThePageAndApartFromEachOther(_ preset: Canvas.Preset) async throws {
    let tiny = try await TinyRun(Self.yaml)
    let drawings = try FigureSet(
      tiny.run,
      requests: FigureSet.all(of: tiny.run.specification).map { name in
        var request = FigureRequest(name)
        request.canvas = preset.canvas
        return request
      }
    ).drawings().drawings
    #expect(drawings.count >= 4)
    for drawing in drawings {
      let boxes = try boxes(drawing.script)
      #expect(boxes.count > 1)
      for (k, box) in boxes.enumerated() {
        #expect(box.left >= 0 && box.right <= 1 && box.bottom >= 0 && box.top <= 1, "\(drawing.name)")
        #expect(box.right - box.left > 0.03 && box.top > box.bottom, "\(drawing.name)")
        for other in boxes[..<k] { #expect(!box.overlaps(other), "\(drawing.name) on \(preset)") }
      }
    }
  }

  @Test func aPictureHasTheSizeThatWasAskedFor() async throws {
    let tiny = try await TinyRun("cells: rnn\nsequence_length: 4\nseeds: 1\n")
    var request = FigureRequest(.decay)
    request.canvas = Canvas(width: 240, height: 160, fontSize: 7, texts: .none, resolution: 300)
    let script = try #require(try FigureSet(tiny.run, requests: [request]).drawings().drawings.first).script
    #expect(script.contains("set terminal svg size 320, 213.3333 "))
    #expect(script.contains("set terminal pngcairo size 1000, 667 "))
    #expect(script.contains("set terminal pdfcairo size 320 / 96.0, 213.3333 / 96.0"))
  }

  @Test func textsStandOnThePageOnlyWhereTheyAreWanted() async throws {
    let tiny = try await TinyRun("cells: rnn\nsequence_length: 4\nseeds: 1\n")
    func script(_ texts: Canvas.Texts) throws -> String {
      var request = FigureRequest(.decay)
      request.canvas.texts = texts
      return try #require(try FigureSet(tiny.run, requests: [request]).drawings().drawings.first).script
    }
    func has(_ script: String, _ text: String) -> Bool {
      script.split(separator: "\n").contains { $0.hasPrefix("set label") && $0.contains(text) }
    }
    let (title, caption) = ("Gradient norms on the way back", "hidden size 6")
    let (all, titled, bare) = (try script(.all), try script(.title), try script(.none))
    #expect(has(all, title) && has(all, caption))
    #expect(has(titled, title) && !has(titled, caption))
    #expect(!has(bare, title) && !has(bare, caption))
    // Whoever opens the script finds them all the same.
    #expect(bare.contains("# \(title)"))
  }

  @Test func inBlackThereIsNoColour() async throws {
    let tiny = try await TinyRun("cells: [rnn, lstm, gru]\nsequence_length: 4\nseeds: 2\n")
    var request = FigureRequest(.decay)
    request.canvas = Canvas.Preset.print.canvas
    let script = try #require(try FigureSet(tiny.run, requests: [request]).drawings().drawings.first).script
    for match in script.matches(of: /#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})'/) {
      #expect(match.1 == match.2 && match.2 == match.3, "\(match.0)")
    }
  }
}
