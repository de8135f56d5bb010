import Experiments
import Testing

@Suite("Which steps are recorded") struct StepRecordingTests {
  private static func lags(_ steps: Int, after: Int = 0) -> [Int]? {
    StepRecording.logSpaced.times(steps: steps, after: after).map { times in
      times.map { steps - $0 }.reversed()
    }
  }

  @Test func shortSequencesAreRecordedWhole() {
    for steps in 1...130 {
      #expect(StepRecording.logSpaced.times(steps: steps) == nil)
      #expect(StepRecording.logSpaced.rows(steps: steps) == steps + 1)
    }
    #expect(StepRecording.every.times(steps: 1_000_000) == nil)
    #expect(StepRecording.every.rows(steps: 1_000_000) == 1_000_001)
  }

  @Test(arguments: [131, 200, 1_000, 65_537, 1_000_000, 100_000_000])
  func theSameLagsWhateverTheLength(steps: Int) throws {
    let lags = try #require(Self.lags(steps))
    // The last step, the first one and the state before it.
    #expect(lags.first == 0 && lags.suffix(2) == [steps - 1, steps])
    #expect(zip(lags, lags.dropFirst()).allSatisfy { $0 < $1 })
    let ends = [steps - 1, steps]
    if steps <= 1_000_000 {
      let rule = (0...steps).filter { StepRecording.logSpaced.keeps(lag: $0) || ends.contains($0) }
      #expect(lags == rule)
    } else {
      #expect(lags.allSatisfy { StepRecording.logSpaced.keeps(lag: $0) || ends.contains($0) })
    }
  }

  @Test func allLagsBelow128AndThen64AnOctave() throws {
    let lags = try #require(Self.lags(1_000_000))
    #expect(Array(lags.prefix(129)) == Array(0...128))
    #expect(Array(lags[128...132]) == [128, 130, 132, 134, 136])
    for octave in 7..<19 {
      #expect(lags.count { (1 << octave..<2 << octave).contains($0) } == 64, "octave \(octave)")
    }
    #expect(lags.count == 957)
  }

  @Test func rowsAreCountedAsTheyAre() {
    for steps in [1, 127, 128, 129, 130, 131, 200, 255, 256, 257, 258, 511, 512, 4_095, 99_999, 1_000_000] {
      let times = StepRecording.logSpaced.times(steps: steps)?.count ?? steps + 1
      #expect(StepRecording.logSpaced.rows(steps: steps) == times, "\(steps)")
    }
  }

  /// Of an encoder, what its own lags keep and what those to the decoder's end keep.
  @Test func anEncoderKeepsTheLagsOfBothCounts() throws {
    let (encoder, decoder) = (5_000, 3_000)
    let lags = try #require(Self.lags(encoder, after: decoder))
    let rule = (0...encoder).filter { lag in
      StepRecording.logSpaced.keeps(lag: lag) || StepRecording.logSpaced.keeps(lag: lag + decoder)
        || lag >= encoder - 1
    }
    #expect(lags == rule)
    // The seam and the steps before it.
    #expect(Array(lags.prefix(128)) == Array(0..<128))
  }

  private func parse(_ lines: String, _ overrides: [String] = []) throws -> SweepSpecification {
    try SweepSpecification.parse(text: "name: x\n" + lines, file: "x.yaml", overrides: overrides)
  }

  @Test func theKeyIsReadWrittenAndReplaced() throws {
    let every = try parse("")
    #expect(every.recording == .every && !every.normalisedYAML.contains("record:"))
    #expect(try parse("record: every") == every && parse("record: every").id == every.id)
    let spaced = try parse("", ["record=log-spaced"])
    #expect(spaced.recording == .logSpaced && spaced.normalisedYAML.contains("record: log-spaced\n"))
    #expect(try parse(spaced.normalisedYAML.replacing("name: x\n", with: "")) == spaced)
    #expect(try parse("record: log-spaced", ["record=every"]) == every)
    let error = try #require(throws: SpecificationError.self) { try parse("record: log") }
    #expect(error.kind == .unknownName && error.key == "record" && error.allowed == "every, log-spaced")
  }

  /// It is no part of what a trial is, but of what a run has.
  @Test func trialsAreTheSameAndRunsAreNot() throws {
    let (every, spaced) = (try parse(""), try parse("record: log-spaced"))
    #expect(every.trials.map(\.id) == spaced.trials.map(\.id) && every.id != spaced.id)
    #expect(spaced.trials.allSatisfy { $0.recording == .logSpaced })
    guard case .conflicts(let differences) = SpecificationChange(from: every, to: spaced) else {
      Issue.record("no conflict")
      return
    }
    #expect(differences.map(\.description) == ["record: every → log-spaced"])
  }
}
