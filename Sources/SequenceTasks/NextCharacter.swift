import LinearAlgebra

/// Real text: one-hot characters in, the next character as the class of each step.
///
/// The vocabulary is the set of Unicode scalars of the text, in code-point order. Each batch element reads a
/// window of T + 1 characters that starts at a random place.
public struct NextCharacter: SequenceTask {
  /// The characters, in the order of their indices.
  public let vocabulary: [Unicode.Scalar]
  private let indices: [Int32]

  public var inputSize: Int { vocabulary.count }
  public var classCount: Int? { vocabulary.count }
  public var meanInputSquare: Double { 1 }
  /// Characters of the text.
  public var length: Int { indices.count }

  /// - Complexity: O(n log v).
  public init(text: String) {
    let scalars = Array(text.unicodeScalars)
    vocabulary = Set(scalars).sorted()
    let index = Dictionary(
      uniqueKeysWithValues: vocabulary.enumerated().map { ($0.element, Int32($0.offset)) })
    indices = scalars.map { index[$0] ?? 0 }
  }

  public func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, rootSeed: UInt64, seed: UInt64
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    guard indices.count >= steps + 1 else {
      throw .textTooShort(characters: indices.count, needed: steps + 1)
    }
    var places = RandomStream(rootSeed: rootSeed, trialSeed: seed, purpose: .inputs)
    let starts = (0..<batch).map { _ in places.integer(below: indices.count - steps) }
    var inputs = [Double](repeating: 0, count: steps * batch * inputSize)
    var classes = [Int](repeating: 0, count: steps * batch)
    for t in 0..<steps {
      for b in 0..<batch {
        let row = t * batch + b
        inputs[row * inputSize + Int(indices[starts[b] + t])] = 1
        classes[row] = Int(indices[starts[b] + t + 1])
      }
    }
    return TaskSample(inputs: Element.array(inputs), classes: classes)
  }
}
