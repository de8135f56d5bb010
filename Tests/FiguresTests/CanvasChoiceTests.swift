import Figures
import Testing

@Suite("The size of a figure") struct CanvasChoiceTests {
  @Test(
    arguments: [
      ("85mm", 85 / 25.4 * 72, nil, "85mm"), ("8cm", 8 / 2.54 * 72, nil, "8cm"),
      ("3.3in", 237.6, nil, "3.3in"),
      ("240pt", 240, nil, "240pt"), ("1920", 1440, nil, "1920px"), ("1920x1080", 1440, 810, "1920x1080"),
      ("160x90mm", 160 / 25.4 * 72, 90 / 25.4 * 72, "160x90mm"),
      (" 160 MM × 9 cm ", 160 / 25.4 * 72, 90 / 25.4 * 72, "160mmx9cm"),
      ("800pxx600px", 600, 450, "800x600"), ("5000mm", 5000 / 25.4 * 72, nil, "5000mm"),
    ] as [(String, Double, Double?, String)])
  func sizesAreRead(text: String, width: Double, height: Double?, again: String) throws {
    let size = try CanvasSize(text)
    #expect(abs(size.width.points - width) < 1e-9)
    #expect(abs((size.height?.points ?? 0) - (height ?? 0)) < 1e-9)
    #expect(size.text == again)
    #expect(try CanvasSize(again).width.points == size.width.points)
  }

  @Test(arguments: [
    "", "mm", "85 m", "85mm,", "x90", "85x", "1e3mm", "-85mm", "nanmm", "infmm", "85mmx90mmx2", "8 5mm",
  ])
  func otherWordsAreNoSizes(text: String) {
    #expect { try CanvasSize(text) } throws: { "\($0)".contains("is not a size; allowed: ") }
  }

  @Test(arguments: ["19mm", "5001mm", "0", "85x1mm", "99999999999999999999999999in"])
  func sizesHaveLimits(text: String) {
    #expect { try CanvasSize(text) } throws: { "\($0)".contains("is out of range; allowed: ") }
  }

  @Test func fontSizesHaveLimits() throws {
    #expect(try Canvas.fontSize("7") == 7 && Canvas.fontSize("7.5 pt") == 7.5)
    for text in ["", "seven", "2.9", "201", "nan", "-7", "1e2"] {
      #expect(throws: CanvasError.self) { try Canvas.fontSize(text) }
    }
  }

  @Test func aPresetComesFirstAndOptionsOverrideIt() throws {
    var choice = CanvasChoice()
    #expect(try choice.canvas() == Canvas())
    choice.preset = .slide
    #expect(try choice.canvas() == Canvas.Preset.slide.canvas)
    choice.fontSize = 24
    choice.ink = .black
    var expected = Canvas.Preset.slide.canvas
    (expected.fontSize, expected.ink) = (24, .black)
    #expect(try choice.canvas() == expected)
    var later = CanvasChoice()
    later.texts = Canvas.Texts.none
    expected.texts = .none
    #expect(try choice.overridden(by: later).canvas() == expected)
    later.preset = .poster
    #expect(choice.overridden(by: later) == later)
  }

  @Test func pixelsArePixelsOfThePNGAndPaperHasMore() throws {
    var choice = CanvasChoice()
    choice.preset = .paperColumn
    choice.size = try CanvasSize("1920x1080")
    #expect(try choice.canvas().resolution == 96)
    choice.preset = nil
    choice.size = try CanvasSize("85mm")
    #expect(try choice.canvas().resolution == 300 && choice.canvas().fontSize == 7)
    choice.size = try CanvasSize("5000mm")
    #expect(try choice.canvas().resolution * 5000 / 25.4 <= 12_000)
  }

  @Test func lettersMustFitTheWidth() throws {
    var choice = CanvasChoice()
    choice.size = try CanvasSize("20mm")
    choice.fontSize = 40
    #expect { try choice.canvas() } throws: {
      "\($0)"
        == "'20mm' is too narrow for letters of 40 pt; allowed: a width from 212mm at this font size, or a font "
        + "size up to 3.7"
    }
    choice.fontSize = 3.7
    _ = try choice.canvas()
    choice.fontSize = 40
    choice.size = try CanvasSize("212mm")
    _ = try choice.canvas()
  }
}
