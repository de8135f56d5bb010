import GradientFlow
import TestSupport
import Testing

@Suite("Next character")
struct NextCharacterTests {
  @Test func vocabularyIsTheSortedSetOfScalars() {
    let task = NextCharacter(text: "banana bread")
    #expect(task.vocabulary.map(Character.init) == [" ", "a", "b", "d", "e", "n", "r"])
    #expect(task.inputSize == 7 && task.classCount == 7 && task.length == 12)
    #expect(task.meanInputSquare == 1)
  }

  // Scalars, not grapheme clusters: e + combining accent are two, the flag is two, CR LF are two.
  @Test func unicodeIsReadByScalar() throws {
    let task = NextCharacter(text: "e\u{301}é🇨🇭\r\n日")
    #expect(task.length == 8 && task.inputSize == 8)
    #expect(task.vocabulary == task.vocabulary.sorted())
    let sample = try task.sample(Double.self, steps: 7, batch: 1, rootSeed: 0, seed: 0)
    let scalars = Array("e\u{301}é🇨🇭\r\n日".unicodeScalars)
    #expect(sample.classes.map { task.vocabulary[$0] } == Array(scalars.dropFirst()))
  }

  @Test(arguments: [(1, 1), (4, 3), (11, 2)])
  func windowsAreOneHotRowsAndTheirSuccessors(steps: Int, batch: Int) throws {
    let text = "abcdefghijklmnopqrstuvwxyz"
    let task = NextCharacter(text: text)
    let sample = try task.sample(Float.self, steps: steps, batch: batch, rootSeed: 4, seed: 5)
    #expect(sample.inputs.dense.count == steps * batch * 26 && sample.classes.count == steps * batch)
    var read = Array(repeating: [Int](), count: batch)
    for row in 0..<steps * batch {
      let values = sample.inputs.dense[row * 26..<(row + 1) * 26]
      #expect(values.reduce(0, +) == 1 && values.allSatisfy { $0 == 0 || $0 == 1 })
      read[row % batch].append(values.firstIndex(of: 1)! - row * 26)
    }
    for b in 0..<batch {
      // In the alphabet each character is followed by the next one.
      #expect(read[b] == Array(read[b][0]..<read[b][0] + steps))
      let classes = (0..<steps).map { sample.classes[$0 * batch + b] }
      #expect(classes == read[b].map { $0 + 1 })
    }
  }

  @Test func everyWindowCanBeDrawn() throws {
    let task = NextCharacter(text: "abcde")
    let sample = try task.sample(Double.self, steps: 3, batch: 200, rootSeed: 1, seed: 1)
    #expect(Set(sample.classes.prefix(200)) == [1, 2])
    let whole = try task.sample(Double.self, steps: 4, batch: 3, rootSeed: 1, seed: 1)
    #expect(whole.classes.prefix(3) == [1, 1, 1])
  }

  @Test func aSampleDependsOnItsSeedsOnly() throws {
    let task = NextCharacter(text: String(repeating: "the cat sat on the mat ", count: 30))
    func sample(_ root: UInt64, _ seed: UInt64) throws -> TaskSample<Double> {
      try task.sample(Double.self, steps: 9, batch: 4, rootSeed: root, seed: seed)
    }
    #expect(try sample(1, 2) == sample(1, 2))
    #expect(try sample(1, 2) != sample(1, 3))
    #expect(try sample(1, 2) != sample(2, 2))
  }

  @Test(arguments: ["", "a", "abc"])
  func tooShortATextIsAnError(text: String) {
    let expected = SequenceTaskError.textTooShort(characters: text.count, needed: 4)
    #expect(throws: expected) {
      try NextCharacter(text: text).sample(Float.self, steps: 3, batch: 1, rootSeed: 0, seed: 0)
    }
    #expect(expected.description.contains("\(text.count) characters"))
    #expect(expected.description.contains("need 4"))
  }
}
