import RecurrentCells

extension NetworkPass {
  /// Visits what the last layer gives, of the steps that a loss reads.
  ///
  /// - Parameters:
  ///   - placement: the steps; the final one is that of each direction's own end.
  ///   - visit: step t, how many sequences have it, its first row, and their numbers [sequences, D·H].
  func visitOutputs(
    placement: LossPlacement,
    _ visit: (_ step: Int, _ count: Int, _ firstRow: Int, _ hidden: UnsafePointer<Element>) -> Void
  ) {
    guard let last = layers.last, let shape = last.first?.pass.shape else { return }
    if last.count == 1 {
      // No copy of all states.
      last[0].pass.visitSteps(.ascending, readsInputs: false) { step in
        if placement.includes(step.time, of: shape.steps) {
          visit(step.time, shape.count(at: step.time), shape.firstRow(of: step.time), step.hidden)
        }
      }
      return
    }
    let width = last.count * shape.hiddenSize
    if placement == .finalStep {
      visit(shape.steps, shape.batch, shape.firstRow(of: shape.steps), ends(shape, width: width))
      return
    }
    outputs.withUnsafeBufferPointer {
      guard let rows = $0.baseAddress else { return }
      for t in 1...shape.steps where placement.includes(t, of: shape.steps) {
        let first = shape.firstRow(of: t)
        visit(t, shape.count(at: t), first, rows + first * width)
      }
    }
  }

  /// The final states of both directions of the last layer, side by side [B, D·H].
  private func ends(_ shape: SequenceShape, width: Int) -> [Element] {
    var ends = [Element](repeating: 0, count: shape.batch * width)
    let hidden = shape.hiddenSize
    for (d, state) in (finalState.layers.last ?? []).enumerated() {
      for b in 0..<shape.batch {
        let target = b * width + d * hidden
        ends.replaceSubrange(target..<target + hidden, with: state.hidden[b * hidden..<(b + 1) * hidden])
      }
    }
    return ends
  }
}
