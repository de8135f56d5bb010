import Experiments
import Figures
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Images say what they are of") struct ImageMetadataTests {
  private let directory: TemporaryDirectory
  private let metadata = ImageMetadata(
    title: "a < b & \"c\" – x", description: ["first", "second > 1"], creator: "gradflow 1")

  init() throws { directory = try TemporaryDirectory() }

  /// What becomes of an image that a stand-in for gnuplot writes.
  private func named(_ image: [UInt8], _ format: ImageFormat) async throws -> [UInt8] {
    directory.write(image, to: "image")
    let copy =
      "out=$(printf %s \"$3\" | sed \"s/.*output='\\(.*\\)'/\\1/\"); cp \(directory.file("image")) \"$out\""
    let gnuplot = GnuplotProcess(command: try directory.program(copy, named: "gnuplot"))
    let path = directory.file("a.\(format.rawValue)")
    _ = try await gnuplot.render(
      try directory.write("plot x", to: "a.gp"), format: format, to: path, metadata: metadata)
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  }

  @Test func anSVGHasTitleAndDescription() async throws {
    let texts = "\n<title>a &lt; b &amp; \"c\" – x</title>\n<desc>first\nsecond &gt; 1</desc>"
    for (image, expected) in [
      (
        "<svg>\n\n<title>Gnuplot</title>\n<desc>Produced by <x/> </desc>\n<g/></svg>",
        "<svg>\(texts)\n<g/></svg>"
      ),
      (
        "<?xml version='1.0'?><svg w='1'\n><g/></svg>\n",
        "<?xml version='1.0'?><svg w='1'\n>\(texts)<g/></svg>\n"
      ),
    ] {
      #expect(String(decoding: try await named(Array(image.utf8), .svg), as: UTF8.self) == expected)
    }
  }

  /// A file whose table of objects is a stream, as newer versions of Cairo write it.
  @Test func aPDFWithAStreamOfPlacesGoesOnWithOne() async throws {
    var text = "%PDF-1.5\n"
    let catalog = text.utf8.count
    text += "1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    let pages = text.utf8.count
    text += "2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
    let table = text.utf8.count
    func row(_ place: Int) -> [UInt8] { [1, 0, 0, UInt8(place >> 8), UInt8(place & 255), 0, 0] }
    text += "3 0 obj\n<< /Type /XRef /Root 1 0 R /Size 4 /W [1 4 2] /Length 28 >>\nstream\n"
    let image =
      Array(text.utf8) + [0, 0, 0, 0, 0, 255, 255] + row(catalog) + row(pages) + row(table)
      + Array("\nendstream\nendobj\nstartxref\n\(table)\n%%EOF\n".utf8)
    let bytes = try await named(image, .pdf)
    #expect(bytes.starts(with: image) && ImageFormat.pdf.flaw(in: bytes) == nil)
    let added = String(decoding: bytes[image.count...], as: UTF8.self)
    #expect(added.hasPrefix("4 0 obj\n<< /Title <FEFF0061002000"))
    #expect(
      added.contains(
        "5 0 obj\n<< /Type /XRef /Size 6 /Root 1 0 R /Info 4 0 R /Prev \(table) /Index [4 2] /W [1 4 2] /Length 14 >>"
      ))
  }

  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"), arguments: ImageFormat.allCases)
  func everyFormatTellsRunAndVersion(_ format: ImageFormat) async throws {
    let tiny = try await TinyRun("cells: [rnn]\nsequence_length: 4\nseeds: 1\n")
    try await FigureSet(tiny.run, names: [.decay]).render([format])
    let bytes = [UInt8](
      try Data(contentsOf: URL(fileURLWithPath: "\(tiny.run.directory.figures)/decay.\(format.rawValue)")))
    #expect(format.flaw(in: bytes) == nil)
    let origin = "gradflow \(Provenance.version), run tiny (\(tiny.run.id))"
    let expected =
      format == .pdf
      ? Array(origin.utf16.map { String(format: "%04X", $0) }.joined().utf8) : Array(origin.utf8)
    #expect(bytes.firstRange(of: expected) != nil)
    #expect(bytes.firstRange(of: Array("CreationDate".utf8)) == nil)
    #expect(bytes.firstRange(of: Array("<title>Gnuplot".utf8)) == nil)
    let script = try String(contentsOfFile: "\(tiny.run.directory.figures)/decay.gp", encoding: .utf8)
    #expect(script.contains("# \(origin)\n"))
  }
}
