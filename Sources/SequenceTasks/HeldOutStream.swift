import Language
import LinearAlgebra
import RecurrentCells

/// A part of a text that is read in order by readers side by side, each token of it told exactly once.
///
/// Reader b of B tells tokens ⌈b·m/B⌉ … of the m of the part. It starts from a zero state ``context`` tokens before the
/// first that it tells, whatever part these are of, so that it is in the text by then. The first token of the whole text
/// is never told, for nothing comes before it.
public struct HeldOutStream: Sendable {
  private let tokens: [Int32]
  private let part: Range<Int>
  /// V.
  private let count: Int
  /// Tokens that a reader reads before the first one that it tells.
  public static let context = 100
  /// Readers of a long part.
  public static let mostReaders = 100

  /// - Parameters:
  ///   - tokens: of the whole text.
  ///   - part: those that are told.
  ///   - count: V.
  public init(tokens: [Int32], part: Range<Int>, count: Int) {
    self.tokens = tokens
    self.part = max(1, part.lowerBound)..<max(1, part.upperBound)
    self.count = count
  }

  /// How many tokens are told.
  public var length: Int { part.count }

  /// The same, cut off behind so many tokens.
  public func prefix(_ length: Int) -> HeldOutStream {
    HeldOutStream(
      tokens: tokens, part: part.lowerBound..<min(part.upperBound, part.lowerBound + length), count: count)
  }

  /// B: as many as there are, but each with something to tell that is worth its context.
  public var readers: Int { max(1, min(Self.mostReaders, length / (2 * Self.context))) }

  /// Tokens that the first reader tells; others tell as many or one fewer.
  private var told: Int { (length + readers - 1) / readers }
  /// Steps of each reader.
  private var steps: Int { length == 0 ? 0 : Self.context + told }

  /// How many chunks of some steps there are.
  public func chunks(of steps: Int) -> Int { (self.steps + steps - 1) / steps }

  /// Steps of a chunk: as asked for, fewer in the last.
  public func steps(ofChunk index: Int, of steps: Int) -> Int {
    min(steps, self.steps - index * steps)
  }

  /// One chunk of all readers. Classes are ``ignoredClass`` where nothing is told, before a reader's part and after it.
  ///
  /// - Parameters:
  ///   - index: from 0; each continues where the one before ends.
  ///   - steps: of all chunks but the last.
  public func chunk<Element: Scalar>(
    _ type: Element.Type, index: Int, of steps: Int
  ) -> TaskSample<Element> {
    let own = self.steps(ofChunk: index, of: steps)
    var inputs: [Int] = []
    var classes: [Int] = []
    inputs.reserveCapacity(own * readers)
    classes.reserveCapacity(own * readers)
    let ranges = (0..<readers).map { b in
      part.lowerBound + b * length / readers..<part.lowerBound + (b + 1) * length / readers
    }
    for step in index * steps..<index * steps + own {
      for range in ranges {
        // The token that is told at this step, if it is one of the reader's.
        let target = range.lowerBound - Self.context + step
        inputs.append(target >= 1 && target - 1 < tokens.count ? Int(tokens[target - 1]) : Int(tokens[0]))
        classes.append(range.contains(target) ? Int(tokens[target]) : ignoredClass)
      }
    }
    return TaskSample(.tokens(inputs, count: count), classes: classes)
  }
}
