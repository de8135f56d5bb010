import Experiments
import Figures
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Figures of a diagnosis in gnuplot", .enabled(if: hasGnuplot, "gnuplot is not installed"))
struct DiagnosisRenderingTests {
  /// Renders all figures; every image is there and gnuplot warned of nothing.
  private func render(
    _ diagnosis: ModelDiagnosis, _ formats: [ImageFormat] = [.svg], canvas: Canvas = Canvas()
  ) async throws -> [DiagnosisFigureName] {
    let parent = NSTemporaryDirectory() + "diagnosis-\(UUID().uuidString)"
    let directory = parent + "/it's one"
    defer { try? FileManager.default.removeItem(atPath: parent) }
    var written: [DiagnosisFigureName] = []
    for outcome in try await DiagnosisFigureSet(diagnosis, canvas: canvas, directory: directory).render(
      formats)
    {
      guard case .written(let name, let files, let warnings) = outcome else { continue }
      written.append(name)
      // Three rows of panels need more than a slide's height.
      #expect(warnings.allSatisfy { canvas.height != nil && $0.contains("higher than asked for") }, "\(name)")
      for file in files {
        let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
        #expect((size ?? 0) > 0, "\(file)")
      }
    }
    return written
  }

  @Test func everyFigureOfAModelOfFourPanels() async throws {
    let diagnosis = try DiagnosisProblem(layers: 2, isBidirectional: true, readsEveryStep: true).diagnosis()
    let written = try await render(diagnosis, [.svg, .png, .pdf])
    #expect(written == DiagnosisFigureName.allCases)
  }

  @Test func oneStepOneUnitOneElement() async throws {
    for cell in CellKind.allCases {
      let diagnosis = try DiagnosisProblem(cell: cell, hidden: 1, steps: 1, batch: 1).diagnosis()
      #expect(try await render(diagnosis).contains(.states))
    }
    let unit = try DiagnosisProblem(hidden: 1, steps: 9, batch: 1, readsEveryStep: true).diagnosis()
    #expect(try await render(unit) == DiagnosisFigureName.allCases)
  }

  @Test func gradientsThatAreZeroThroughout() async throws {
    var problem = try DiagnosisProblem().problem()
    problem.loss = .sequence(
      FinalDotLoss(direction: Array(repeating: 0, count: 5)), reading: .finalStates)
    let written = try await render(try ModelDiagnosis(problem))
    #expect(written.contains(.decay) && written.contains(.contributions))
  }

  @Test func singularStepsAndNormsFarOutsideTheRange() async throws {
    for name in ["rnn_relu_dead", "rnn_tanh_explode_overflow", "rnn_tanh_long_underflow"] {
      let reference = try ReferenceCase(directory: "\(ReferenceCases.directory)/\(name)")
      #expect(try await render(try ModelDiagnosis(ModelProblem(reference))).contains(.spectrum))
    }
  }

  @Test func fiveLayersLeavePlacesEmpty() async throws {
    let diagnosis = try DiagnosisProblem(cell: .gru, layers: 5).diagnosis()
    #expect(try await render(diagnosis).contains(.gates))
  }

  @Test(arguments: Canvas.Preset.allCases) func everyCanvas(_ preset: Canvas.Preset) async throws {
    for layers in [1, 2] {
      let diagnosis = try DiagnosisProblem(layers: layers, readsEveryStep: layers == 2).diagnosis()
      #expect(try await render(diagnosis, [.svg], canvas: preset.canvas).contains(.decay))
    }
  }

  @Test func textFitsTheTerminal() async throws {
    let directory = NSTemporaryDirectory() + "diagnosis-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: directory) }
    let diagnosis = try DiagnosisProblem(readsEveryStep: true).diagnosis()
    let pages = try DiagnosisFigureSet(diagnosis, directory: directory).text().pages
    #expect(pages.map(\.name) == DiagnosisFigureName.allCases)
    for page in pages {
      #expect(page.text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(page.name)")
    }
    // Who looks writes nothing.
    #expect(!FileManager.default.fileExists(atPath: directory))
  }

  @Test func theScriptAloneDrawsTheSameFromAnyDirectory() async throws {
    let parent = NSTemporaryDirectory() + "diagnosis-\(UUID().uuidString)"
    let directory = parent + "/it's one"
    defer { try? FileManager.default.removeItem(atPath: parent) }
    let diagnosis = try DiagnosisProblem(readsEveryStep: true).diagnosis()
    try await DiagnosisFigureSet(diagnosis, names: [.twoTime], directory: directory).render([.svg])
    let image = URL(fileURLWithPath: directory + "/two-time.svg")
    // Titles are gradflow's.
    func drawing() throws -> Substring {
      let text = try String(contentsOf: image, encoding: .utf8)
      return text[try #require(text.firstRange(of: "<g id=")).lowerBound...]
    }
    let first = try drawing()
    try FileManager.default.removeItem(at: image)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["gnuplot", "-d", directory + "/two-time.gp"]
    process.currentDirectoryURL = URL(fileURLWithPath: "/")
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try drawing() == first)
  }
}
