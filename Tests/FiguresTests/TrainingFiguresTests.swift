import Experiments
import Figures
import Foundation
import GradientFlow
import Testing

@Suite("Figures of trainings") struct TrainingFiguresTests {
  private static let names = FigureName.allCases.filter { $0.figure.subject != .networksAsDrawn }

  /// A run that trains; `yaml` is beside the sizes.
  private func run(_ yaml: String, sizes: String = "hidden_size: 4\nbatch_size: 4\n") async throws -> TinyRun
  {
    try await TinyRun(yaml + "\n", sizes: sizes + "evaluation_size: 100\n")
  }

  private func drawing(_ run: Run, _ name: FigureName) throws -> FigureDrawing {
    let (drawings, omitted) = try FigureSet(run, names: [name]).drawings()
    return try #require(drawings.first, "omitted: \(omitted)")
  }

  private func number(_ row: [String: String], _ name: String) throws -> Double {
    try #require(row[name].flatMap(Double.init), "\(name) in \(row)")
  }

  private static let small = """
    task: {kind: adding}
    cells: rnn
    sequence_length: 12
    iterations: 24
    record_every: 4
    diagnose_every: 8
    evaluate_every: 12
    """

  // MARK: - Loss

  @Test func lossIsTheMedianOfMeansOverUpdates() async throws {
    let tiny = try await run(Self.small + "\nseeds: 3")
    let found = rows(ofCSV: try drawing(tiny.run, .loss).table.csv).filter { $0["quantity"] == "training" }
    #expect(found.map { $0["update"] } == ["4", "8", "12", "16", "20", "24"])
    let courses = try tiny.run.trials.map { try #require(try tiny.run.record($0)?.training?.rows) }
    for row in found {
      let end = try number(row, "update")
      let losses = courses.map { course -> Double in
        let own = (0..<course.rows).filter { k in
          course[.iteration, k].map { $0 > end - 4 && $0 <= end } ?? false
        }
        let updates = own.compactMap { course[.updates, $0] }
        #expect(updates.reduce(0, +) == 4)
        return zip(own.compactMap { course[.loss, $0] }, updates).reduce(0) { $0 + $1.0 * $1.1 } / 4
      }.sorted()
      #expect(abs(try number(row, "loss") - losses[1]) < 1e-12)
      #expect(abs(try number(row, "low") - losses[0]) < 1e-12)
      #expect(abs(try number(row, "high") - losses[2]) < 1e-12)
    }
  }

  @Test func testLossesAreThoseOfTheTests() async throws {
    let tiny = try await run(Self.small + "\nseeds: 1")
    let found = rows(ofCSV: try drawing(tiny.run, .loss).table.csv).filter { $0["quantity"] == "test" }
    let course = try #require(try tiny.run.record(tiny.run.trials[0])?.training?.rows)
    #expect(found.map { $0["update"] } == ["0", "12", "24"])
    #expect(found.map { $0["loss"] } == course.values(.testLoss).map { CSVField.number($0) })
  }

  // MARK: - Solved trainings

  private static let solved = """
    task: {kind: adding}
    cells: rnn-relu
    sequence_length: [3, 60]
    optimizer: adam
    learning_rate: 0.01
    iterations: 2500
    seeds: 3
    """

  /// Trainings of short sequences that are solved, and of long ones that are not.
  private func solved() async throws -> TinyRun {
    try await run(Self.solved, sizes: "hidden_size: 8\nbatch_size: 20\n")
  }

  @Test func successHasWilsonsIntervalAndTheMedianOfTheSolved() async throws {
    let tiny = try await solved()
    let found = rows(ofCSV: try drawing(tiny.run, .success).table.csv)
    let z = 1.959963984540054
    for length in [3, 60] {
      let solvedAt = try tiny.run.trials.filter { $0.sequenceLength == length }
        .compactMap { try tiny.run.record($0)?.solvedAt }.sorted()
      #expect(solvedAt.count == (length == 3 ? 3 : 0))
      let row = try #require(found.first { $0["sequence_length"] == "\(length)" && $0["quantity"] == "rate" })
      // All and none of n: n / (n + z²) and z² / (n + z²).
      #expect(abs(try number(row, "ci95_low") - (length == 3 ? 3 / (3 + z * z) : 0)) < 1e-12)
      #expect(abs(try number(row, "ci95_high") - (length == 3 ? 1 : z * z / (3 + z * z))) < 1e-12)
      #expect(try number(row, "rate") == (length == 3 ? 1 : 0))
      let updates = found.first { $0["sequence_length"] == "\(length)" && $0["quantity"] == "updates" }
      #expect(updates?["updates_median"] == (length == 3 ? CSVField.number(solvedAt[1]) : nil))
      let unsolved = found.contains { $0["sequence_length"] == "\(length)" && $0["quantity"] == "unsolved" }
      #expect(unsolved == (length == 60))
    }
  }

  @Test func aSolvedTrainingKeepsItsLastLoss() async throws {
    let tiny = try await solved()
    let found = rows(ofCSV: try drawing(tiny.run, .loss).table.csv).filter { $0["sequence_length"] == "3" }
    let marks = found.filter { $0["quantity"] == "solved" }
    let records = try tiny.run.trials.filter { $0.sequenceLength == 3 }.compactMap { try tiny.run.record($0) }
    #expect(marks.map { $0["update"] } == records.map { CSVField.number($0.solvedAt) })
    #expect(marks.map { $0["loss"] } == records.map { CSVField.number($0.testLoss) })
    let curve = found.filter { $0["quantity"] == "training" }
    #expect(curve.last?["update"] == CSVField.number(records.compactMap(\.updates).max()))
    #expect(curve.allSatisfy { $0["seeds"] == "3" })
  }

  // MARK: - Norms

  @Test func normsAreThoseOfTheRowsAndWordsAreTheVerdict() async throws {
    let tiny = try await run(Self.small + "\nclip: [none, {global-norm: 1e-9}]\nseeds: 1")
    let drawing = try drawing(tiny.run, .norms)
    let found = rows(ofCSV: drawing.table.csv)
    for trial in tiny.run.trials {
      let course = try #require(try tiny.run.record(trial)?.training?.rows)
      let own = found.filter { $0["clip"] == trial.rule.label }
      #expect(own.map { $0["update"] } == ["4", "8", "12", "16", "20", "24"])
      let largest = course.values(.gradBeforeMax).max()
      #expect(own.compactMap { $0["log10_grad_before_max"].flatMap(Double.init) }.max() == largest)
      #expect(own.allSatisfy { $0["engaged"] == (trial.clip == .none ? "0" : "1") })
    }
    #expect(drawing.script.contains("sets the step size: clips 100 % of updates"))
    #expect(drawing.script.contains("cut too hard: 10^{-"))
    let threshold = "-9 with lines linecolor rgb '#666666'"
    #expect(drawing.script.components(separatedBy: threshold).count == 2)
  }

  // MARK: - Evolution

  @Test func evolutionHoldsTheProfilesByLag() async throws {
    let tiny = try await run(Self.small + "\nclip: [none, {value: 1}]\nseeds: 2")
    let found = rows(ofCSV: try drawing(tiny.run, .evolution).table.csv)
    #expect(found.count == 2 * 12 * 4)
    for rule in ["none", "value:1"] {
      let own = found.filter { $0["clip"] == rule }
      #expect(own.prefix(4).map { $0["update"] } == ["1", "8", "16", "24"])
      #expect(own.prefix(4).map { $0["column"] } == ["0", "1", "2", "3"])
      let seed = try number(own[0], "seed")
      let trial = try #require(tiny.run.trials.first { $0.rule.label == rule && $0.seed == UInt64(seed) })
      let profiles = try #require(try tiny.run.record(trial)?.training?.profiles)
      for row in own {
        let (lag, column) = (Int(try number(row, "lag")), Int(try number(row, "column")))
        let place = column * 13 + 12 - lag
        #expect(row["update"] == CSVField.number(profiles[.iteration, place]))
        #expect(row["log10_grad_h"] == CSVField.number(profiles[.hidden, place]))
      }
    }
  }

  @Test func ticsOfTheEvolutionNameTrueUpdates() async throws {
    let tiny = try await run(Self.small + "\nseeds: 1")
    #expect(try drawing(tiny.run, .evolution).script.contains("set xtics ('1' 0, '10' 1.25, '20' 2.5)"))
  }

  // MARK: - Where they apply

  @Test func runsWithoutTrainingHaveNoneOfThem() async throws {
    let tiny = try await TinyRun("cells: rnn\nsequence_length: 4\nseeds: 1\n")
    let (drawings, omitted) = try FigureSet(tiny.run, names: Self.names).drawings()
    #expect(drawings.isEmpty)
    #expect(
      omitted == Self.names.map { .omitted($0, reason: "nothing is trained; set iterations: N and a task") })
  }

  @Test func trainingsHaveNoneOfTheOthers() async throws {
    let tiny = try await run(Self.small + "\nseeds: 1")
    let drawn = try FigureSet(tiny.run).drawings()
    #expect(drawn.drawings.map(\.name) == ["loss", "norms", "evolution", "success"] && drawn.omitted.isEmpty)
    let others = FigureName.allCases.filter {
      !["loss", "norms", "evolution", "success"].contains($0.rawValue)
    }
    let (drawings, omitted) = try FigureSet(tiny.run, names: others).drawings()
    #expect(drawings.isEmpty && omitted.count == others.count)
    for outcome in omitted {
      guard case .omitted(_, let reason) = outcome else { continue }
      #expect(reason == "a training run: see loss, norms and evolution")
    }
  }

  // The first window of a truncated sequence is shorter: nothing is passed back beyond it.
  @Test func windowsOfTruncatedSequencesAreAlignedByLag() async throws {
    let tiny = try await run(
      "task: {kind: memorisation, bits: 3}\ncells: rnn\nsequence_length: 20\ntruncation: {k1: 5, k2: 10}\n"
        + "iterations: 4\ndiagnose_every: 1\nseeds: 1")
    let drawing = try #require(try FigureSet(tiny.run, names: [.evolution]).drawings().drawings.first)
    let found = rows(ofCSV: drawing.table.csv)
    #expect(Set(found.compactMap { $0["lag"] }) == Set((0..<10).map { "\($0)" }))
    let first = found.filter { $0["update"] == "1" }
    #expect(first.filter { $0["log10_grad_h"] == "-inf" }.compactMap { $0["lag"] } == ["6", "7", "8", "9"])
    #expect(found.filter { $0["update"] == "2" }.allSatisfy { $0["log10_grad_h"] != "-inf" })
    guard hasGnuplot else { return }
    for outcome in try await FigureSet(tiny.run, names: [.evolution]).render([.svg]) {
      guard case .written(_, _, let warnings) = outcome else { continue }
      #expect(warnings.isEmpty)
    }
  }

  @Test func withoutProfilesThereIsNoEvolution() async throws {
    let tiny = try await run(
      Self.small.replacingOccurrences(of: "diagnose_every: 8", with: "diagnose_every: 0") + "\nseeds: 1")
    let (_, omitted) = try FigureSet(tiny.run, names: [.evolution]).drawings()
    #expect(omitted == [.omitted(.evolution, reason: "diagnose_every: 0 records no profiles")])
  }

  // MARK: - Rendering

  private static let runs = [
    small
      + "\nsequence_length: [12, 20]\nclip: [none, {global-norm: 0.1}, {global-norm: 0.1, omega: 1}]\nseeds: 4",
    "task: {kind: copy-memory}\ncells: [lstm, gru]\nforget_bias: [0, 1]\nsequence_length: [22, 30]\niterations: 3\n"
      + "clip: [none, {step-norm: 0.1}]\nseeds: 2",
    // A single update, a single step of it all.
    "task: {kind: temporal-order}\ncells: rnn\nsequence_length: 10\niterations: 1\nseeds: 1",
    // Diverges at the second update.
    "task: {kind: adding}\ncells: [rnn-relu, rnn-linear]\nlearning_rate: 1e30\nsequence_length: 20\niterations: 6\n"
      + "clip: [none, {global-norm: 1}]\nseeds: 2",
    // The gradient is out of range at the first; only where it is clipped training goes on.
    overflowing,
    // All gradients behind the last step are exactly zero.
    "task: {kind: adding}\ncells: rnn\nspectral_radius: 0\nsequence_length: 5\niterations: 5\nseeds: 1",
  ]

  private static let overflowing =
    "task: {kind: adding}\ncells: rnn-linear\nspectral_radius: 2\nsequence_length: 65\niterations: 20\n"
    + "clip: [none, {global-norm: 1}]\nseeds: 1"

  @Test func aRuleThatDivergesAtOnceHasAPanelThatSaysSo() async throws {
    let tiny = try await run(Self.overflowing)
    let statuses = try tiny.run.trials.map { try #require(try tiny.run.record($0)).status }
    #expect(statuses == [.diverged, .ok])
    let script = try drawing(tiny.run, .norms).script
    #expect(script.contains("diverged: the gradient left the range at update 1"))
    #expect(script.contains("# Panel 2: global-norm:1"))
  }

  @Test func whereNothingIsTrainedTheReasonIsGiven() async throws {
    let tiny = try await run(
      "task: {kind: adding}\ncells: rnn-relu\nspectral_radius: 9\nsequence_length: 60\niterations: 6\nseeds: 1"
    )
    let (drawings, omitted) = try FigureSet(tiny.run, names: [.loss, .norms, .evolution, .success]).drawings()
    #expect(drawings.map(\.name) == ["loss", "success"])
    #expect(
      omitted == [
        .omitted(.norms, reason: "no training run on the longest sequences has made an update"),
        .omitted(.evolution, reason: "no finished training run on the longest sequences has profiles"),
      ])
  }

  @Test(.enabled(if: hasGnuplot, "gnuplot is not installed"), arguments: runs)
  func everyFigureIsDrawnWithoutAWarning(_ yaml: String) async throws {
    var lines: [Substring] = []
    // A later line takes the place of an earlier one with the same key.
    for line in yaml.split(separator: "\n") {
      lines.removeAll { $0.split(separator: ":").first == line.split(separator: ":").first }
      lines.append(line)
    }
    let tiny = try await run(lines.joined(separator: "\n"))
    try await render(tiny.run)
  }

  private func render(_ run: Run) async throws {
    let set = FigureSet(run, names: Self.names)
    for outcome in try await set.render([.svg, .png, .pdf]) {
      switch outcome {
      case .written(let name, let files, let warnings):
        #expect(warnings == [], "\(name)")
        #expect(files.count == 5)
      case .omitted(let name, let reason): Issue.record("\(name): \(reason)")
      }
    }
    for page in try await set.text().pages {
      #expect(page.text.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(page.name)")
    }
  }
}
