import GradientFlow

/// Steps run before the measured ones, of which only the final state is kept.
///
/// They go through the network in pieces, so that memory does not grow with their number.
struct Washout<Element: Scalar> {
  /// x [W, B, I]; empty for W = 0.
  package let inputs: [Element]

  /// What comes of it.
  package enum Outcome {
    /// The state that the measured sequence starts from; nil: zero.
    case state(InitialState<Element>?)
    /// The state left its range at this step, counted to 0 as the last of the washout.
    case diverged(step: Int)
  }

  /// Steps of a piece.
  private static var piece: Int { 64 }

  /// Runs the steps.
  ///
  /// - Parameters:
  ///   - shape: of the measured sequence, whose length does not matter.
  ///   - initialState: before the first step; zero if nil.
  /// - Complexity: a forward pass of W steps.
  package func run<Cell: RecurrentCell>(
    _ cell: Cell, shape: SequenceShape, from initialState: InitialState<Element>?
  ) -> Outcome where Cell.Element == Element {
    let width = shape.batch * shape.inputSize
    let count = inputs.count / width
    var state = initialState
    var done = 0
    while done < count {
      // Whole pieces on the same memory, then what is left.
      let steps = min(Self.piece, count - done)
      let part = SequenceShape(
        steps: steps, batch: shape.batch, inputSize: shape.inputSize, hiddenSize: shape.hiddenSize)
      func next() -> [Element] { Array(inputs[done * width..<(done + steps) * width]) }
      var pass = SequencePass(cell: cell, shape: part, inputs: next(), initialState: state, tapeBudget: .max)
      while true {
        if let step = pass.divergedAt { return .diverged(step: done + step - count) }
        if let hidden = pass.hiddenState(steps) {
          state = InitialState(hidden: hidden, cell: pass.cellState(steps))
        }
        done += steps
        guard count - done >= steps else { break }
        pass.run(inputs: next(), initialState: state)
      }
    }
    return .state(state)
  }
}
