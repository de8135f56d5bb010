import Foundation
import GradientFlow
import Testing

@Suite("Language models as tasks")
struct NextTokenTests {
  private static let text = String(repeating: "the cat sat on the mat. ", count: 50)
  private static func task() throws -> NextToken {
    NextToken(try Corpus(charactersOf: text, validation: 10, test: 10))
  }

  @Test func readersGoOnFromChunkToChunk() throws {
    let task = try Self.task()
    let part = task.corpus.parts.training
    for index in 0..<40 {
      let sample = task.chunk(Double.self, steps: 30, batch: 4, index: index)
      guard case .tokens(let ids, _) = sample.inputs else { return }
      for b in 0..<4 {
        let start = b * part.count / 4 + index * 30
        for t in 0..<30 {
          #expect(ids[t * 4 + b] == Int(task.corpus.tokens[(start + t) % part.count]))
          #expect(sample.classes[t * 4 + b] == Int(task.corpus.tokens[(start + t + 1) % part.count]))
        }
      }
    }
  }

  @Test func nothingIsTestedOnWhatIsTrainedOn() throws {
    let text = String(repeating: "a", count: 800) + String(repeating: "b", count: 200)
    let task = NextToken(try Corpus(charactersOf: text, validation: 10, test: 10))
    for iteration in 1...20 {
      let sample = try task.sample(
        Double.self, steps: 5, batch: 3, draw: SampleDraw(seed: 1, use: .training(iteration: iteration)))
      #expect(sample.classes.allSatisfy { $0 == 0 })
    }
    let test = try task.sample(Double.self, steps: 5, batch: 3, draw: SampleDraw(use: .evaluation(part: 0)))
    #expect(test.classes.allSatisfy { $0 == 1 })
  }

  /// A deterministic chain is told by the token just read, whatever the frequencies are.
  @Test func chanceKnowsTheTokenJustRead() throws {
    let task = NextToken(
      try Corpus(charactersOf: String(repeating: "abcd", count: 500), validation: 10, test: 10))
    #expect(task.chance(steps: 10).loss < 0.01)
    let outputs = task.chance(steps: 10).outputs.map { exp($0) }
    #expect(outputs.allSatisfy { ($0 - 0.25).magnitude < 1e-3 })
  }

  @Test func aPartThatIsTooShortIsRefused() throws {
    let task = NextToken(try Corpus(charactersOf: "abcdefghijklmnopqrstuvwxyz", validation: 10, test: 10))
    #expect(throws: SequenceTaskError.partTooShort(tokens: 2, level: .characters, steps: 5)) {
      try task.sample(Double.self, steps: 5, batch: 1, draw: SampleDraw(use: .evaluation(part: 0)))
    }
  }
}
