import LinearAlgebra
import RecurrentCells
import SequenceTasks

/// The steps that one update looks at, with the loss of the newest of them.
struct TrainingWindow<Element: Scalar> {
  /// From the first step of the window on.
  let sample: TaskSample<Element>
  let shape: BatchShape
  /// The loss, counted from the window's first step.
  let placement: LossPlacement
  /// Whether the window starts with the first step of a sequence, where the state is zero.
  let startsSequence: Bool
  /// After how many steps the state is to be carried to the window of the next update; nil: the next one starts where
  /// this one does, or anew.
  let carriesAfter: Int?

  /// What the network is run on.
  func inputs(from state: NetworkState<Element>?) -> NetworkInputs<Element> {
    NetworkInputs(
      shape: shape, inputs: sample.inputs, source: sample.source.map { ($0.shape, $0.inputs) },
      initialState: state)
  }
}

/// Cuts the sequences of a task into windows.
///
/// Without truncation a window is a whole sequence. With it, a sequence is read in pieces of k₁ steps, each of whose
/// losses gives an update; pieces that no update looks at are only read. A text has no end: its readers continue
/// from update to update.
struct WindowSchedule {
  /// What lies between the end of an update and the start of the next.
  struct Position: Equatable {
    /// Number of the sequence, from 0.
    let sequence: Int
    /// The piece whose loss is taken, from 0.
    let piece: Int
  }

  /// Steps of a piece.
  let k1: Int
  private let steps: Int
  /// Pieces in a window at most.
  private let reach: Int
  private let placement: LossPlacement
  private let isStream: Bool
  /// The pieces of a sequence that have a loss.
  private let pieces: [Int]

  init(task: any LearningTask, steps: Int, truncation: Truncation?) {
    self.steps = steps
    k1 = truncation?.k1 ?? steps
    reach = truncation.map { $0.k2 / $0.k1 } ?? 1
    placement = task.placement(steps: steps)
    isStream = truncation != nil && task is any StreamTask
    let count = (steps + k1 - 1) / k1
    let size = k1
    let whole = placement
    pieces = (0..<count).filter { piece in
      (piece * size + 1...min(steps, (piece + 1) * size)).contains { whole.includes($0, of: steps) }
    }
  }

  /// Where the loss of an update lies.
  ///
  /// - Parameter update: from 1.
  func position(ofUpdate update: Int) -> Position {
    if isStream { return Position(sequence: 0, piece: update - 1) }
    return Position(sequence: (update - 1) / pieces.count, piece: pieces[(update - 1) % pieces.count])
  }

  /// The pieces that have to be read before the window of an update, in order: from where the state is that the
  /// update before it left, or from the start of the sequence.
  func piecesToRead(before position: Position) -> Range<Int> {
    let first = firstPiece(of: position.piece)
    guard !isStream else { return first..<first }
    let previous = pieces.last { $0 < position.piece }
    return firstPiece(of: previous.map { $0 + 1 } ?? 0)..<first
  }

  /// The inputs of the k₁ steps of a piece.
  func inputs<Element: Scalar>(
    of piece: Int, in sequence: TaskSample<Element>, batch: Int
  ) -> SequenceInputs<Element> {
    sequence.inputs.slice(piece * k1 * batch..<(piece + 1) * k1 * batch, of: steps * batch)
  }

  /// The first piece of the window that ends with a piece.
  func firstPiece(of piece: Int) -> Int { max(0, piece - reach + 1) }

  /// The window that ends with a piece.
  ///
  /// - Parameter sequence: the whole sequence, for a task that is not a stream.
  func window<Element: Scalar>(
    _ piece: Int, of task: any LearningTask, sequence: DrawnSample<Element>?, batch: Int
  ) -> TrainingWindow<Element> {
    let first = firstPiece(of: piece)
    let start = first * k1
    let end = isStream ? (piece + 1) * k1 : min(steps, (piece + 1) * k1)
    if let sequence, k1 == steps {
      return TrainingWindow(
        sample: sequence.sample, shape: sequence.shape, placement: sequence.placement, startsSequence: true,
        carriesAfter: nil)
    }
    let sample: TaskSample<Element>
    if let stream = task as? any StreamTask, isStream {
      sample = (first...piece).map { stream.chunk(Element.self, steps: k1, batch: batch, index: $0) }.joined()
    } else if let sequence {
      sample = slice(sequence.sample, start..<end, batch: batch, outputs: task.outputSize)
    } else {
      preconditionFailure("a task without a stream has sequences")
    }
    let goesOn = isStream || end < steps
    let isFull = piece - first + 1 == reach
    return TrainingWindow(
      sample: sample, shape: BatchShape(steps: end - start, batch: batch),
      placement: placement(of: piece, start: start, end: end), startsSequence: first == 0,
      carriesAfter: goesOn && isFull ? k1 : nil)
  }

  /// The loss of a piece, in steps counted from the window's first.
  private func placement(of piece: Int, start: Int, end: Int) -> LossPlacement {
    if placement == .finalStep { return .finalStep }
    let newest = piece * k1 + 1...end
    func isRead(_ t: Int) -> Bool { isStream || placement.includes(t, of: steps) }
    if newest.count == end - start, newest.allSatisfy(isRead) { return .everyStep }
    return .steps(Set(newest.filter(isRead).map { $0 - start }))
  }

  /// Steps start + 1…end of a sample. Targets of a final step alone stay as they are.
  private func slice<Element: Scalar>(
    _ sample: TaskSample<Element>, _ range: Range<Int>, batch: Int, outputs: Int
  ) -> TaskSample<Element> {
    func rows<Value>(_ values: [Value], _ width: Int) -> [Value] {
      values.isEmpty ? [] : Array(values[range.lowerBound * width..<range.upperBound * width])
    }
    let isFinal = placement == .finalStep
    return TaskSample(
      sample.inputs.slice(range.lowerBound * batch..<range.upperBound * batch, of: steps * batch),
      classes: isFinal ? sample.classes : rows(sample.classes, batch),
      values: isFinal ? sample.values : rows(sample.values, batch * outputs))
  }
}

extension Array {
  /// Pieces of a stream, one after the other.
  fileprivate func joined<Scalar>() -> TaskSample<Scalar> where Element == TaskSample<Scalar> {
    guard var whole = first else { return TaskSample(inputs: []) }
    for part in dropFirst() {
      switch (whole.inputs, part.inputs) {
      case (.tokens(let read, let count), .tokens(let next, _)):
        whole.inputs = .tokens(read + next, count: count)
      case (let read, let next): whole.inputs = .dense(read.dense + next.dense)
      }
      whole.classes += part.classes
      whole.values += part.values
    }
    return whole
  }
}
