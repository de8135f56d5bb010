import Experiments
import Figures
import Foundation
import GradientFlow
import Testing

@Suite("Figures of trainings") struct TrainingFiguresTests {
  private static let names: [FigureName] = [.loss, .norms, .evolution, .success]

  /// A run that trains; `yaml` is beside the sizes.
  private func run(_ yaml: String, sizes: String = "hidden_size: 4\nbatch_size: 4\n") async throws -> TinyRun
  {
    try await TinyRun(yaml + "\n", sizes: sizes + "evaluation_size: 100\n")
  }

  private func plot(
    _ run: Run, _ name: FigureName, _ choice: FigureChoice = FigureChoice()
  ) throws -> Plot {
    var request = FigureRequest(name)
    request.choice = choice
    let (drawings, omitted) = try FigureSet(run, requests: [request]).drawings()
    return try #require(drawings.first, "omitted: \(omitted)").plot
  }

  private func omission(_ run: Run, _ name: FigureName) throws -> [FigureSet.Outcome] {
    try FigureSet(run, names: [name]).drawings().omitted
  }

  /// The rows of a figure's data.
  private func table(_ plot: Plot) -> [[String: String]] { rows(ofCSV: plot.table.csv) }

  /// Numbers of a figure have eight digits.
  private func expectEqual(_ a: Double?, _ b: Double?, _ comment: Comment? = nil) throws {
    let (a, b) = (try #require(a), try #require(b))
    #expect(a == b || abs(a - b) <= 1e-7 * max(abs(a), abs(b)), comment)
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

  @Test func lossOfManySeedsIsTheMedianOfMeansOverUpdates() async throws {
    let tiny = try await run(Self.small + "\nseeds: 5")
    let found = table(try plot(tiny.run, .loss)).filter { $0["quantity"] == "training" }
    // Of updates 1 to 4 the first follows none, the last three.
    #expect(found.map { $0["updates"] } == ["1.5", "5.5", "9.5", "13.5", "17.5", "21.5"])
    let courses = try tiny.run.trials.map { try #require(try tiny.run.record($0)?.training?.rows) }
    for row in found {
      let losses = try courses.map { try mean($0, around: row) }.sorted()
      for (column, place) in [("loss", 2), ("q25", 1), ("q75", 3)] {
        try expectEqual(try number(row, column), losses[place])
      }
    }
  }

  @Test func fewSeedsAreLinesOfTheirOwnAndTestsAreThoseOfTheRecord() async throws {
    let tiny = try await run(Self.small + "\nseeds: 2")
    let found = table(try plot(tiny.run, .loss))
    for trial in tiny.run.trials {
      let course = try #require(try tiny.run.record(trial)?.training?.rows)
      let own = found.filter { $0["seed"] == "\(trial.seed)" }
      let tests = own.filter { $0["quantity"] == "test" }
      #expect(tests.map { $0["updates"] } == ["0", "12", "24"])
      for (row, loss) in zip(tests, course.values(.testLoss)) {
        try expectEqual(try number(row, "loss"), loss)
      }
      let line = own.filter { $0["quantity"] == "training" }
      #expect(line.map { $0["updates"] } == ["1.5", "5.5", "9.5", "13.5", "17.5", "21.5"])
      for row in line { try expectEqual(try number(row, "loss"), try mean(course, around: row)) }
    }
  }

  /// The mean loss of the four updates around a point of a line.
  private func mean(_ course: ColumnTable<TrainingRow>, around row: [String: String]) throws -> Double {
    let end = try number(row, "updates") + 2.5
    let own = (0..<course.rows).filter { k in
      course[.iteration, k].map { $0 > end - 4 && $0 <= end } ?? false
    }
    let updates = own.compactMap { course[.updates, $0] }
    #expect(updates.reduce(0, +) == 4)
    return zip(own.compactMap { course[.loss, $0] }, updates).reduce(0) { $0 + $1.0 * $1.1 } / 4
  }

  // MARK: - What is a curve, and what a panel

  @Test func moreCellsThanRulesAreCurvesAndNoneIsMissing() async throws {
    let tiny = try await run(
      "task: {kind: adding}\ncells: [rnn, lstm]\nsequence_length: 8\niterations: 2\ndiagnose_every: 1\nseeds: 1\n"
        + "clip: [none, {global-norm: 1}]")
    let loss = try plot(tiny.run, .loss)
    #expect(loss.legend.map(\.title).prefix(2) == ["rnn", "lstm"])
    #expect(loss.panels.map(\.title) == ["no clipping", "clip 1"])
    for name in [FigureName.norms, .evolution] {
      let plot = try plot(tiny.run, name)
      #expect(
        plot.panels.map { $0.title.prefix { $0 != ":" } } == [
          "rnn, no clipping", "lstm, no clipping", "rnn, clip 1", "lstm, clip 1",
        ])
    }
  }

  @Test func aSweepOverTruncationAloneDrawsItsValuesAsCurves() async throws {
    let tiny = try await run(
      Self.small + "\ntruncation: [none, {k1: 4, k2: 4}, {k1: 4, k2: 8}]\nseeds: 1")
    let loss = try plot(tiny.run, .loss)
    #expect(loss.legend.prefix(3).map(\.title) == ["truncation none", "truncation 4:4", "truncation 4:8"])
    #expect(Set(table(loss).compactMap { $0["truncation"] }).count == 3)
    #expect(try plot(tiny.run, .evolution).panels.count == 3)
  }

  @Test func aReaderMayChooseCurvesAndPanels() async throws {
    let tiny = try await run(
      Self.small + "\nlearning_rate: [0.1, 0.01]\nclip: [none, {global-norm: 1}]\nseeds: 1")
    let axis = try #require(Axis.all.first { $0.key.rawValue == "learning_rate" })
    let loss = try plot(tiny.run, .loss, FigureChoice(hue: axis))
    #expect(loss.legend.prefix(2).map(\.title) == ["learning rate 0.01", "learning rate 0.1"])
    #expect(loss.panels.map(\.title) == ["no clipping", "clip 1"])
    let turned = try plot(tiny.run, .loss, FigureChoice(panel: axis))
    #expect(turned.panels.map(\.title) == ["learning rate 0.01", "learning rate 0.1"])
  }

  @Test func onlyTheLongestOfSeveralLengthsIsSaidToBeShown() async throws {
    let tiny = try await run(
      Self.small.replacing("12\niter", with: "[8, 12]\niter") + "\nclip: [none, {value: 1}]\nseeds: 1")
    for name in [FigureName.norms, .evolution] {
      let plot = try plot(tiny.run, name)
      #expect(plot.panels.count == 2)
      #expect(plot.caption.parts.contains("T: the longest of 2"))
      #expect(Set(table(plot).compactMap { $0["sequence_length"] }) == ["12"])
    }
    #expect(try plot(tiny.run, .loss).panels.map(\.title) == ["T = 8", "T = 12"])
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
    let found = table(try plot(tiny.run, .success))
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

  @Test func aSolvedTrainingEndsAtItsTest() async throws {
    let tiny = try await solved()
    let plot = try plot(tiny.run, .loss)
    #expect(plot.statement.hasPrefix("At T = 60, no seed solves the task"))
    let found = table(plot).filter { $0["sequence_length"] == "3" }
    let marks = found.filter { $0["quantity"] == "solved" }
    let records = try tiny.run.trials.filter { $0.sequenceLength == 3 }.compactMap { try tiny.run.record($0) }
    #expect(marks.map { $0["updates"] } == records.map { CSVField.number($0.solvedAt) })
    for (mark, record) in zip(marks, records) { try expectEqual(try number(mark, "loss"), record.testLoss) }
    for record in records {
      let end = try #require(record.updates)
      #expect(
        found.filter { $0["quantity"] == "training" }.compactMap { $0["updates"].flatMap(Double.init) }
          .contains { $0 < end && $0 > 0.8 * end })
    }
  }

  @Test func lengthsThatAreFewOrFarApartAreNotJoined() async throws {
    let tiny = try await solved()
    let plot = try plot(tiny.run, .success)
    #expect(plot.panels.count == 2)
    #expect(!plot.panels.flatMap(\.marks).contains { if case .line = $0.form { true } else { false } })
    #expect(plot.caption.parts.contains("lengths too few or too far apart to be joined"))
    #expect(
      plot.statement.hasPrefix(
        "Longest sequences that at least half of the seeds solve: rnn-relu – T = 3 (3 of 3)"))
  }

  @Test func successOfOneLengthOrOfNothingIsOmitted() async throws {
    let one = try await run(Self.small + "\nseeds: 1")
    #expect(
      try omission(one.run, .success) == [
        .omitted(.success, reason: "there is one sequence length: see loss")
      ])
    let none = try await run(
      Self.small.replacing("12\niter", with: "[12, 20]\niter") + "\nseeds: 1")
    #expect(try omission(none.run, .success) == [.omitted(.success, reason: "nothing is solved: see loss")])
  }

  // MARK: - Norms

  @Test func normsAreThoseOfTheRowsAndWordsAreTheVerdict() async throws {
    let tiny = try await run(Self.small + "\nclip: [none, {global-norm: 1e-9}]\nseeds: 1")
    let plot = try plot(tiny.run, .norms)
    let found = table(plot)
    for trial in tiny.run.trials {
      let course = try #require(try tiny.run.record(trial)?.training?.rows)
      let own = found.filter { $0["clip"] == trial.rule.label }
      #expect(own.map { $0["update"] } == ["4", "8", "12", "16", "20", "24"])
      let largest = course.values(.gradBeforeMax).max()
      try expectEqual(own.compactMap { $0["log10_grad_before_max"].flatMap(Double.init) }.max(), largest)
      #expect(own.allSatisfy { $0["engaged"] == (trial.clip == .none ? "0" : "1") })
    }
    #expect(plot.panels.map(\.notes) == [[], ["clips 100 %"]])
    #expect(plot.statement.contains("the clip sets the step size: 100 % of updates"))
    #expect(plot.caption.parts.contains { $0.contains("cut too hard: 10^{") })
    #expect(plot.panels[1].rules.map(\.value) == [-9] && plot.panels[0].rules.isEmpty)
    #expect(plot.panels[0].strip[0].notes == ["no clip"])
  }

  @Test func theDrawnSeedAndAllSeedsAreKeptApart() async throws {
    let tiny = try await run(Self.small + "\nclip: {global-norm: 1e-9}\nseeds: 3")
    let plot = try plot(tiny.run, .norms)
    let seed = try #require(table(plot).first?["seed"])
    #expect(plot.panels[0].notes == ["seed \(seed), drawn: clips 100 %", "all 3 seeds: 100 % (median)"])
    #expect(plot.caption.parts.contains("drawn: seed \(seed) of 3; the text above summarises all seeds"))
    let alone = try await run(Self.small + "\nseeds: 1")
    #expect(!(try self.plot(alone.run, .norms)).caption.parts.contains { $0.contains("drawn") })
  }

  // A verdict needs the profiles, whichever other figures are drawn.
  @Test func outcomesAreTheSameInAllFigures() async throws {
    let tiny = try await run(
      "task: {kind: temporal-order}\ncells: rnn\nspectral_radius: 0.1\nsequence_length: 20\niterations: 12\n"
        + "diagnose_every: 4\nseeds: 2")
    let verdicts = try tiny.run.trials.map { TrainingVerdict($0, try #require(try tiny.run.record($0))) }
    for name in [FigureName.norms, .evolution] {
      let plot = try plot(tiny.run, name)
      let title = try #require(plot.panels.first?.title)
      #expect(verdicts.contains { title.hasSuffix($0.outcome.words) }, "\(title)")
    }
    let (drawings, _) = try FigureSet(tiny.run, names: [.norms, .evolution]).drawings()
    #expect(drawings.map(\.plot.panels[0].title).map { $0.split(separator: ":").last }.count == 2)
    #expect(drawings[0].plot.panels[0].title == drawings[1].plot.panels[0].title)
  }

  // MARK: - Evolution

  @Test func evolutionHoldsTheProfilesByLag() async throws {
    let tiny = try await run(Self.small + "\nclip: [none, {value: 1}]\nseeds: 2")
    let found = table(try plot(tiny.run, .evolution))
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
        try expectEqual(try number(row, "log10_grad_h"), profiles[.hidden, place])
      }
    }
  }

  @Test func ticsOfTheEvolutionNameTrueUpdates() async throws {
    let tiny = try await run(Self.small + "\nseeds: 1")
    let axis = try #require(try plot(tiny.run, .evolution).panels.first).x
    #expect(axis.tics.map(\.name) == ["1", "10", "20"])
    #expect(axis.tics.map(\.place) == [0, 1.25, 2.5])
  }

  @Test func mapsHaveAtMostEightThousandCellsInAllAndOneScaleOfFifteenDecades() async throws {
    let tiny = try await run(
      "task: {kind: adding}\ncells: rnn\nspectral_radius: 0.01\nsequence_length: 300\niterations: 120\n"
        + "diagnose_every: 1\nclip: [none, {value: 1}]\nseeds: 1")
    let plot = try plot(tiny.run, .evolution)
    #expect(table(plot).count <= 8000)
    let scale = try #require(plot.panels[0].colors)
    #expect(plot.panels.allSatisfy { $0.colors == scale })
    #expect(scale.high - scale.low < 17.5)
    #expect(scale.tics.first?.name.hasPrefix("≤ ") == true)
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
    #expect(drawn.drawings.map(\.name) == ["loss", "norms", "evolution"])
    #expect(drawn.omitted.map(\.name) == [.success])
    let others = FigureName.allCases.filter { $0.figure.subject == .networksAsDrawn }
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
    let found = table(try plot(tiny.run, .evolution))
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

  @Test func theLargestSeedStandsInTheDataAsItIs() async throws {
    let largest = "18446744073709551615"
    let tiny = try await run(Self.small + "\nseeds: [\(largest)]")
    for name in [FigureName.loss, .norms, .evolution] {
      let found = rows(ofCSV: try plot(tiny.run, name).table.csv)
      #expect(!found.isEmpty && found.allSatisfy { $0["seed"] == largest }, "\(name)")
    }
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
    let plot = try plot(tiny.run, .norms)
    #expect(
      plot.panels.map(\.title) == ["no clipping: diverged after 1", "clip 1: \(try outcome(tiny.run))"])
    #expect(plot.caption.parts.contains("no clipping: diverged: the gradient left the range at update 1"))
  }

  /// In words, of the last trial.
  private func outcome(_ run: Run) throws -> String {
    let trial = try #require(run.trials.last)
    let record = try #require(try run.record(trial))
    let when = record.solvedAt.map { " after \(Int($0))" } ?? ""
    return TrainingVerdict(trial, record).outcome.words + when
  }

  @Test func whereNothingIsTrainedTheReasonIsGiven() async throws {
    let tiny = try await run(
      "task: {kind: adding}\ncells: rnn-relu\nspectral_radius: 9\nsequence_length: 60\niterations: 6\nseeds: 1"
    )
    let (drawings, omitted) = try FigureSet(tiny.run, names: [.loss, .norms, .evolution, .success]).drawings()
    #expect(drawings.map(\.name) == ["loss"])
    #expect(
      omitted == [
        .omitted(.norms, reason: "no training run on the longest sequences has made an update"),
        .omitted(.evolution, reason: "no finished training run on the longest sequences has profiles"),
        .omitted(.success, reason: "there is one sequence length: see loss"),
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
      case .writtenBeside: Issue.record("\(outcome)")
      case .omitted(let name, let reason):
        #expect(name == .success && reason.hasSuffix("see loss"), "\(name): \(reason)")
      }
    }
  }
}
