/// How the time axis is cut: into segments whose products are done at once, and, for sequences whose tape
/// would not fit, whether the tape holds one segment at a time.
///
/// Without checkpoints the tape keeps all T steps. With checkpoints it keeps one segment; forward saves the
/// state where each segment starts, and backward computes each segment again from there, so that memory
/// grows with √T and time by one more forward pass.
///
/// - Note: Source: Griewank, Optimization Methods and Software 1 (1992) 35; Chen et al. 2016 (arXiv 1604.06174).
public struct SegmentPlan: Sendable, Equatable {
  /// Steps a segment; the last one may be shorter.
  public let length: Int
  /// Number of segments.
  public let count: Int
  /// Whether the tape holds one segment at a time.
  public let checkpoints: Bool

  /// - Parameters:
  ///   - stateElements: elements of the state saved at a checkpoint.
  ///   - tapeElements: elements a step leaves on the tape.
  ///   - currentElements: elements of the preactivations of one step, B · G · H.
  ///   - budget: elements the tape may hold before checkpoints are used.
  public init(
    steps: Int, stateElements: Int, tapeElements: Int, currentElements: Int, budget: Int
  ) {
    // About 64 Ki elements of preactivations: long products that stay in the second-level cache.
    let cached = max(1, min(steps, 65_536 / max(1, currentElements)))
    checkpoints =
      steps > cached && steps.multipliedReportingOverflow(by: tapeElements).overflow
      || steps > cached && steps * tapeElements > budget
    if checkpoints {
      let balanced = (Double(steps) * Double(stateElements) / Double(tapeElements)).squareRoot()
      length = max(cached, min(steps, Int(balanced)))
    } else {
      length = cached
    }
    count = (steps + length - 1) / length
  }

  /// The steps of segment `index`, from 1.
  public func steps(of index: Int, total: Int) -> ClosedRange<Int> {
    index * length + 1...min(total, (index + 1) * length)
  }

  /// The largest number of rows that a segment has.
  public func largestRowCount(of shape: SequenceShape) -> Int {
    if shape.lengths == nil { return length * shape.batch }
    return (0..<count).map { rowCount(of: steps(of: $0, total: shape.steps), shape) }.max() ?? 0
  }

  /// The rows of some steps.
  @usableFromInline
  func rowCount(of steps: ClosedRange<Int>, _ shape: SequenceShape) -> Int {
    shape.firstRow(of: steps.upperBound + 1) - shape.firstRow(of: steps.lowerBound)
  }
}
