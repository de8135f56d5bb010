import GradientFlow
import Testing

@Suite("Parts of a text read in order")
struct HeldOutStreamTests {
  private static let tokens = (0..<5000).map { Int32($0 * 7 % 11) }

  /// Which token of the text is told at each step of each reader, in the order of the chunks.
  private static func told(_ stream: HeldOutStream, steps: Int) -> [(reader: Int, input: Int, target: Int)] {
    var found: [(reader: Int, input: Int, target: Int)] = []
    for index in 0..<stream.chunks(of: steps) {
      let sample = stream.chunk(Double.self, index: index, of: steps)
      guard case .tokens(let inputs, _) = sample.inputs else { continue }
      #expect(inputs.count == stream.steps(ofChunk: index, of: steps) * stream.readers)
      for (k, target) in sample.classes.enumerated() where target != ignoredClass {
        found.append((k % stream.readers, inputs[k], target))
      }
    }
    return found
  }

  @Test(arguments: [(4000..<5000, 50), (4000..<5000, 33), (4700..<5000, 1000), (4997..<5000, 10), (0..<5, 2)])
  func everyTokenIsToldOnceAfterTheOneBefore(part: Range<Int>, steps: Int) {
    let stream = HeldOutStream(tokens: Self.tokens, part: part, count: 11)
    let told = Self.told(stream, steps: steps)
    // The first token of the text has none before it.
    let expected = Array(max(1, part.lowerBound)..<part.upperBound)
    #expect(told.count == expected.count)
    #expect(stream.length == expected.count)
    var places: [Int] = []
    for reader in 0..<stream.readers {
      let first = expected[0] + reader * expected.count / stream.readers
      for (k, found) in told.filter({ $0.reader == reader }).enumerated() {
        places.append(first + k)
        #expect(found.target == Int(Self.tokens[first + k]))
        #expect(found.input == Int(Self.tokens[first + k - 1]))
      }
    }
    #expect(places.sorted() == expected)
  }

  @Test func aPrefixTellsItsFirstTokens() {
    let stream = HeldOutStream(tokens: Self.tokens, part: 1000..<5000, count: 11).prefix(600)
    #expect(stream.length == 600)
    #expect(stream.readers == 3)
    #expect(Self.told(stream, steps: 64).count == 600)
  }
}
