import Experiments
import Foundation
import TestSupport
import Testing

@Suite("Exact values") struct ExactValueTests {
  @Test func everyCheckOfTheQuickRunAgrees() async throws {
    var begun: [String] = []
    var checks: [ExactValueCheck] = []
    try await ExactValues.run(.quick) { _, name in
      begun.append(name)
    } take: {
      checks.append($0)
    }
    #expect(begun == ExactValues.names && checks.map(\.name) == begun && checks.count == 11)
    for check in checks {
      #expect(check.rows.count >= 3, "\(check.name)")
      for row in check.rows { #expect(row.passed, "\(check.name): \(row)") }
      for row in check.rows { #expect(Self.isSharp(row), "\(check.name): \(row)") }
    }
  }

  /// Whether a value that is wrong by far, or none at all, would be seen.
  private static func isSharp(_ row: ExactValueRow) -> Bool {
    let scale = max(1, row.exact.magnitude)
    let wrong: [Double]
    switch row.criterion {
    case .within, .standardErrors: wrong = [row.exact + scale, row.exact - scale]
    case .atMost: wrong = [row.exact + 1e-9 * scale]
    case .atLeast: wrong = [row.exact - 1e-9 * scale]
    }
    return (wrong + [.nan, .infinity, -.infinity]).allSatisfy {
      !ExactValueRow(row.name, exact: row.exact, measured: $0, row.criterion).passed
    }
  }

  @Test(
    arguments: [
      (1, 1.09, .within(0.1), true), (1, 1.11, .within(0.1), false), (1, 0.89, .within(0.1), false),
      (1, .nan, .within(0.1), false), (.nan, 1, .within(0.1), false), (.nan, .nan, .within(.infinity), false),
      (1, 1, .within(.nan), false), (1, 1, .within(.infinity), false), (1, 1, .within(-1), false),
      (.infinity, .infinity, .within(1), false), (-.infinity, -.infinity, .atMost, false),
      (1, 1.29, .standardErrors(0.1, limit: 3), true), (1, 1.31, .standardErrors(0.1, limit: 3), false),
      (1, 0.69, .standardErrors(0.1, limit: 3), false), (1, 1, .standardErrors(.nan, limit: 3), false),
      (1, 1, .standardErrors(.infinity, limit: 3), false), (1, .nan, .standardErrors(0.1, limit: 3), false),
      (1, 1, .atMost, true), (1, 1.001, .atMost, false), (1, .nan, .atMost, false), (.nan, 1, .atMost, false),
      (1, 1, .atLeast, true), (1, 0.999, .atLeast, false), (1, .infinity, .atLeast, false),
      (1, .nan, .atLeast, false),
    ] as [(Double, Double, ExactValueRow.Criterion, Bool)])
  func aWrongValueFails(exact: Double, measured: Double, criterion: ExactValueRow.Criterion, passes: Bool) {
    #expect(ExactValueRow("x", exact: exact, measured: measured, criterion).passed == passes)
  }

  @Test func oneWrongRowFailsACheckAndIsShown() throws {
    let good = ExactValueRow("right", exact: 1, measured: 1, .within(0.1))
    let bad = ExactValueRow("wrong", exact: 1, measured: .nan, .within(0.1), remark: "by hand")
    #expect(!ExactValueCheck(name: "c", source: "s", rows: []).passed)
    #expect(ExactValueCheck(name: "c", source: "s", rows: [good]).passed)
    let check = ExactValueCheck(name: "c", source: "s", rows: [good, bad])
    #expect(!check.passed)
    let text = check.text()
    #expect(text.hasPrefix("c: 1 of 2 MISS\n  s\n"))
    #expect(text.contains("ok\n") && text.contains("MISS  by hand\n"))
    let brief = check.text(brief: true)
    #expect(!brief.contains("right") && brief.contains("wrong"))
    #expect(ExactValueCheck(name: "c", source: "s", rows: [good]).text(brief: true) == "c: ok\n")
    let json = try ExactJSON.object(with: Data([check].json.utf8)) as? [String: Any]
    #expect(json?["passed"] as? Bool == false)
    let rows = (json?["checks"] as? [[String: Any]])?.first?["rows"] as? [[String: Any]]
    #expect(rows?.count == 2 && rows?[1]["measured"] is NSNull && rows?[1]["remark"] as? String == "by hand")
    #expect([ExactValueCheck]().json.contains("\"passed\": false"))
  }
}

@Suite("Polygamma functions") struct PolygammaTests {
  private static let gamma = 0.57721566490153286

  // ψ(1) = −γ, ψ(½) = −γ − 2 ln 2, ψ(x + 1) = ψ(x) + 1/x; ψ₁(1) = π²/6, ψ₁(½) = π²/2.
  @Test func closedForms() {
    for (x, value) in [
      (1, -Self.gamma), (0.5, -Self.gamma - 2 * log(2)), (1.5, 2 - Self.gamma - 2 * log(2)),
      (2, 1 - Self.gamma),
    ] as [(Double, Double)] {
      #expect((digamma(x) - value).magnitude < 4e-15, "ψ(\(x))")
    }
    let harmonic = (1..<16).reduce(0.0) { $0 + 1 / Double($1) }
    #expect((digamma(16) - (harmonic - Self.gamma)).magnitude < 4e-15)
    let squares = (1..<16).reduce(0.0) { $0 + 1 / Double($1 * $1) }
    for (x, value) in [
      (1, Double.pi * .pi / 6), (0.5, Double.pi * .pi / 2), (1.5, Double.pi * .pi / 2 - 4),
      (16, Double.pi * .pi / 6 - squares),
    ] as [(Double, Double)] {
      #expect((trigamma(x) / value - 1).magnitude < 1e-14, "ψ₁(\(x))")
    }
  }

  @Test(arguments: [0.3, 1, 9.9, 10, 10.1, 50])
  func derivativesOfLogGamma(x: Double) {
    let h = 1e-3 * x
    let slope = (lgamma(x + h) - lgamma(x - h)) / (2 * h)
    #expect((digamma(x) - slope).magnitude < 1e-5 * max(1, slope.magnitude))
    let curvature = (digamma(x + h) - digamma(x - h)) / (2 * h)
    #expect((trigamma(x) / curvature - 1).magnitude < 1e-5)
  }

  @Test func limits() {
    #expect((digamma(1e8) - log(1e8) + 0.5e-8).magnitude < 1e-14)
    #expect((trigamma(1e8) * 1e8 - 1 - 0.5e-8).magnitude < 1e-15)
    #expect((digamma(1e-8) + 1e8 + Self.gamma).magnitude < 1e-6)
  }
}
