import Foundation
import GradientFlow
import TestSupport
import Testing

/// In the texts here every character is its place.
@Suite("Next character, for training")
struct NextCharacterTrainingTests {
  /// The places that are read, inputs and targets, of each sequence.
  private static func windows(_ sample: TaskSample<Double>, _ task: NextCharacter, steps: Int) throws
    -> [[Int]]
  {
    let inputs = try #require(columns(sample.inputs.dense, width: task.inputSize))
    let batch = inputs.count / steps
    return (0..<batch).map { b in
      (0..<steps).map { inputs[$0 * batch + b] } + [sample.classes[(steps - 1) * batch + b]]
    }
  }

  private static func places(
    _ task: NextCharacter, steps: Int, _ use: SampleDraw.Use
  ) throws -> (all: Set<Int>, starts: Set<Int>) {
    let sample = try task.drawn(steps: steps, batch: 1_500, use: use)
    let windows = try Self.windows(sample, task, steps: steps)
    for window in windows { #expect(window == Array(window[0]...window[0] + steps)) }
    return (Set(windows.joined()), Set(windows.map { $0[0] }))
  }

  // 67 characters: the last 6 are kept, and a window of 4 steps has 5.
  @Test func trainingNeverReadsTheTestCharacters() throws {
    let task = TaskCase.text(length: 67)
    #expect(task.trainingLength == 61)
    let training = try Self.places(task, steps: 4, .training(iteration: 3))
    #expect(training.all == Set(0..<61) && training.starts == Set(0...56))
    let evaluation = try Self.places(task, steps: 4, .evaluation(part: 2))
    #expect(evaluation.all == Set(61..<67) && evaluation.starts == [61, 62])
    #expect(try Self.places(task, steps: 4, .diagnosis).all == Set(0..<67))
  }

  // Nothing is tested on what is trained on: a test set of less than a window is refused.
  @Test func tooFewTestCharactersAreRefused() throws {
    let task = TaskCase.text(length: 67)
    #expect(try Self.places(task, steps: 5, .evaluation(part: 0)).all == Set(61..<67))
    #expect(throws: SequenceTaskError.testTextTooShort(characters: 6, steps: 6)) {
      try task.drawn(steps: 6, batch: 2, use: .evaluation(part: 0)) as TaskSample<Double>
    }
    #expect(try Self.places(task, steps: 60, .training(iteration: 1)).starts == [0])
    #expect(try Self.places(task, steps: 66, .diagnosis).starts == [0])
  }

  // Recorded results depend on where these windows start.
  @Test func aDiagnosisReadsWhereItAlwaysDid() throws {
    let (task, steps, batch) = (TaskCase.text(length: 67), 5, 8)
    let sample = try task.drawn(steps: steps, batch: batch, root: 11, seed: 12)
    var stream = RandomStream(rootSeed: 11, trialSeed: 12, purpose: .inputs)
    let starts = (0..<batch).map { _ in stream.integer(below: 67 - steps) }
    #expect(try Self.windows(sample, task, steps: steps).map { $0[0] } == starts)
  }

  // MARK: - Chunks

  // 50 characters, of which 45 are read: three readers from 0, 15 and 30.
  @Test func chunksFollowEachOther() throws {
    let (task, steps) = (TaskCase.text(length: 50), 7)
    for index in [0, 1, 2, 6, 7, 100] {
      let chunk = task.chunk(Double.self, steps: steps, batch: 3, index: index)
      let windows = try Self.windows(chunk, task, steps: steps)
      for (b, window) in windows.enumerated() {
        #expect(window == (0...steps).map { (15 * b + steps * index + $0) % 45 })
      }
      let inputs = try #require(columns(chunk.inputs.dense, width: 50))
      #expect(chunk.classes.dropLast(3) == inputs.dropFirst(3))
    }
  }

  @Test func readersOfUnequalPiecesCoverTheText() throws {
    let task = TaskCase.text(length: 50)
    let starts = try Self.windows(task.chunk(Double.self, steps: 1, batch: 4, index: 0), task, steps: 1)
    #expect(starts.map { $0[0] } == [0, 11, 22, 33])
    let single = task.chunk(Float.self, steps: 5, batch: 4, index: 8)
    let double = task.chunk(Double.self, steps: 5, batch: 4, index: 8)
    #expect(single.inputs.dense == double.inputs.dense.map { Float($0) } && single.classes == double.classes)
  }

  // MARK: - Chance

  @Test func chanceIsABigramModelOnTheLastTenth() throws {
    let text = String(repeating: "abracadabra, and again: ", count: 5)
    let task = NextCharacter(text: text)
    let chance = task.chance(steps: 3)
    #expect(chance.errorRate == nil && task.success == nil)
    let index = Dictionary(uniqueKeysWithValues: task.vocabulary.enumerated().map { ($1, Int32($0)) })
    let characters = text.unicodeScalars.map { index[$0]! }
    let losses = KneserNey.scores(
      tokens: characters, vocabulary: task.vocabulary.count, training: 0..<108, scored: [108..<120],
      orders: 2
    ).losses[0]
    #expect(chance.loss == losses[1])
    #expect(chance.loss < losses[0])
  }

  @Test func biasesAtChanceAreThoseOfTheFrequencies() throws {
    let text = String(repeating: "abracadabra, and again: ", count: 5)
    let task = NextCharacter(text: text)
    let outputs = task.chance(steps: 3).outputs
    #expect((outputs.reduce(0) { $0 + exp($1) } - 1).magnitude < 1e-14)
    // The loss of constant outputs over every character of the text is the entropy.
    let index = Dictionary(uniqueKeysWithValues: task.vocabulary.enumerated().map { ($1, $0) })
    let classes = text.unicodeScalars.map { index[$0]! }
    let sample = TaskSample<Double>(inputs: [], classes: classes)
    let measured = loss(of: task, sample, steps: classes.count, batch: 1) { _ in outputs }
    let entropy = -outputs.reduce(0) { $0 + exp($1) * $1 }
    #expect((measured - entropy).magnitude < 1e-12)
  }
}
