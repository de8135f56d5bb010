import Figures
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Images are whole before they replace anything") struct ImageWholenessTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// A small image as gnuplot makes it.
  private func image(_ format: ImageFormat) async throws -> [UInt8] {
    let terminal = ["svg": "svg", "png": "pngcairo", "pdf": "pdfcairo"][format.rawValue] ?? ""
    let script = directory.file("a.gp")
    try ScriptFile.write(
      "set terminal \(terminal)\nset title \"it's <&>\"\nset output output\nplot x\n", to: script)
    let path = directory.file("a.\(format.rawValue)")
    _ = try await GnuplotProcess().render(script, format: format, to: path)
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"), arguments: ImageFormat.allCases)
  func everyLengthButTheWholeIsCutOff(_ format: ImageFormat) async throws {
    let bytes = try await image(format)
    #expect(format.flaw(in: bytes) == nil)
    // Line feeds at the end of a text are of no account.
    let isText = format != .png
    let length = isText ? (bytes.lastIndex { $0 != UInt8(ascii: "\n") } ?? 0) + 1 : bytes.count
    let step = max(1, length / 400)
    for end in Array(stride(from: 0, to: length - 64, by: step)) + Array(length - 64..<length) {
      #expect(format.flaw(in: Array(bytes[..<end])) != nil, "\(end) of \(bytes.count)")
    }
    #expect(format.flaw(in: bytes + Array("more".utf8)) != nil)
    #expect(format.flaw(in: [UInt8](repeating: 0, count: bytes.count)) != nil)
    for other in ImageFormat.allCases where other != format { #expect(other.flaw(in: bytes) != nil) }
  }

  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"))
  func aByteOfAPNGThatIsAnotherIsFound() async throws {
    let bytes = try await image(.png)
    for place in stride(from: 0, to: bytes.count, by: 13) {
      var damaged = bytes
      damaged[place] ^= 0x10
      #expect(ImageFormat.png.flaw(in: damaged) != nil, "byte \(place)")
    }
  }

  /// A program in the place of gnuplot that ends well.
  private func stand(_ body: String) throws -> GnuplotProcess {
    GnuplotProcess(command: try directory.program(body, named: "gnuplot"))
  }

  /// `out` is the name in the setting `output='NAME'`.
  private static let output = "out=$(printf %s \"$3\" | sed \"s/.*output='\\(.*\\)'/\\1/\"); "

  @Test func anImageThatIsCutOffReplacesNothing() async throws {
    let path = try directory.write("the old image", to: "a.svg")
    let script = try directory.write("plot x", to: "a.gp")
    let cut = try stand(Self.output + "printf '<svg><g></g>' > \"$out\"")
    let broken = await #expect(throws: FigureError.self) {
      try await cut.render(script, format: .svg, to: path)
    }
    #expect(broken == .brokenImage(path: path, flaw: "it is cut off at byte 12"))
    let empty = await #expect(throws: FigureError.self) {
      try await stand("exit 0").render(script, format: .svg, to: path)
    }
    #expect(empty == .emptyImage(script: script, format: .svg))
    #expect(try directory.read("a.svg") == "the old image")
    #expect(try directory.contents() == ["a.gp", "a.svg", "gnuplot"])
    let whole = try stand(Self.output + "printf '<svg><g/></svg>\\n' > \"$out\"")
    _ = try await whole.render(script, format: .svg, to: path)
    #expect(try directory.read("a.svg") == "<svg><g/></svg>\n")
  }

  @Test func imagesFollowALinkIntoAnotherFolder() async throws {
    #expect(mkdir(directory.file("other"), 0o700) == 0)
    let path = directory.file("a.svg")
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "other/b.svg")
    let whole = try stand(Self.output + "printf '<svg></svg>' > \"$out\"")
    _ = try await whole.render(try directory.write("plot x", to: "a.gp"), format: .svg, to: path)
    #expect(try directory.read("other/b.svg") == "<svg></svg>")
  }
}
