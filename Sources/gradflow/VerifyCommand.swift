import ArgumentParser
import Experiments
import Foundation
import GradientFlow

extension Precision: ExpressibleByArgument {}

struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract:
      "Compare every quantity with its exact value, for reference cases or for closed forms and theories.",
    usage: """
      gradflow verify <directories> ... [<options>]
      gradflow verify --exact [<options>]
      """,
    discussion: """
      Prints the worst error of each quantity of each case. The exit code is 1 if a quantity exceeds its tolerance, is \
      not a number, is missing, or has the wrong length.

        gradflow verify Tests/Reference/*/

      --exact compares with independently known results instead: Lyapunov exponents of random products, powers of \
      matrices, mean-field theories against wide networks. This takes minutes; with --quick, seconds.

        gradflow verify --exact --quick
      """)

  @Argument(help: "Directories of cases with expected.json and expected.npz.", completion: .directory)
  var directories: [String] = []

  @Option(help: "float64 or float32; float32 allows ten times the error of a plain float32 program.")
  var precision: Precision = .float64

  @Flag(help: "Print one line per case; list only quantities that disagree.")
  var brief = false

  @Flag(help: "Check closed forms, theories and numbers of other programs, not cases.")
  var exact = false

  @Flag(help: "With --exact: use small sizes and do not simulate wide networks.")
  var quick = false

  @Flag(help: "With --exact: print one JSON document.")
  var json = false

  func validate() throws {
    if exact {
      if !directories.isEmpty { throw ValidationError("--exact takes no case directories") }
      if precision != .float64 { throw ValidationError("--exact is computed in float64") }
    } else {
      if directories.isEmpty { throw ValidationError("Give case directories, or --exact") }
      if quick || json { throw ValidationError("--quick and --json require --exact") }
    }
  }

  func run() async throws {
    if exact { return try await compareExactValues() }
    try await ExitStatus.reporting {
      BLASEnvironment.useOneThread()
      var failures = 0
      for directory in directories {
        let verification = try CaseVerification(directory: directory, precision: precision)
        if !verification.passed { failures += 1 }
        Terminal.data(text(verification))
      }
      let count = directories.count
      Terminal.data(
        failures == 0
          ? "all \(count) cases agree (\(precision.rawValue))\n"
          : "\(failures) of \(count) cases disagree (\(precision.rawValue))\n")
      if failures > 0 { throw ExitStatus.someFailed.code }
    }
  }

  private func compareExactValues() async throws {
    try await ExitStatus.reporting {
      let activity = ActivityLine(quiet: false)
      let count = ExactValues.names.count
      var checks: [ExactValueCheck] = []
      try await ExactValues.run(quick ? .quick : .whole) { place, name in
        activity.show("\(place + 1)/\(count) \(name)")
      } take: { check in
        activity.clear()
        checks.append(check)
        if !json { Terminal.data(check.text(brief: brief)) }
      }
      let rows = checks.flatMap(\.rows)
      let failures = rows.count { !$0.passed }
      let passed = checks.count == count && checks.allSatisfy(\.passed)
      Terminal.data(
        json
          ? checks.json
          : passed
            ? "all \(rows.count) values of \(count) checks agree\n"
            : "\(failures) of \(rows.count) values disagree\n")
      if !passed { throw ExitStatus.someFailed.code }
    }
  }

  private func text(_ verification: CaseVerification) -> String {
    let worst = verification.checks.compactMap { check in
      check.worstError.map { (check.name, $0 / max(check.tolerance, .leastNormalMagnitude)) }
    }.max { $0.1 < $1.1 }
    var text = "\(verification.name): \(verification.passed ? "ok" : "MISS")"
    text += ", \(verification.checks.count) quantities"
    if let worst { text += String(format: ", worst at %.2g of its tolerance: %@", worst.1, worst.0) }
    text += "\n"
    let width = verification.checks.map(\.name.count).max() ?? 0
    for check in verification.checks where !(brief && check.passed) {
      let error = check.worstError.map { String(format: "%8.1e", $0) } ?? "       –"
      text +=
        "  \(check.name.padded(to: width))  \(error)  allowed \(String(format: "%.0e", check.tolerance))"
      if let failure = check.failure { text += "  MISS: \(failure)" }
      text += "\n"
    }
    return text
  }
}
