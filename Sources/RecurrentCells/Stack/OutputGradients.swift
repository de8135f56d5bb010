import LinearAlgebra

/// What a loss at the final step reads of a model's outputs; the two differ where a layer is read in reverse.
public enum FinalReading: String, Sendable, CaseIterable {
  /// The last state of each direction in its own time, PyTorch's h_n: the reverse one has read the whole sequence.
  case finalStates = "final-states"
  /// What the last step of the sequence gives, PyTorch's output[−1]: the reverse one has read one element.
  case lastOutput = "last-output"
}

/// A loss of a model's outputs, with its gradients by what the last layer gives.
public struct OutputGradients<Element: Scalar>: Sendable {
  /// L.
  public let loss: Double
  /// For each direction of the last layer, in its own time.
  public let upstream: [UpstreamGradient<Element>]
  /// Of the loss's readout, if it has one.
  public let readoutWeight, readoutBias: ScaledArray<Element>?
}

extension ModelPass {
  /// Evaluates a loss of the outputs, D·H wide.
  ///
  /// - Parameters:
  ///   - reading: what a loss at the final step reads.
  ///   - source: the only step of the sequence whose term is taken; nil for all.
  /// - Precondition: the forward pass did not diverge; the loss's readout takes D·H numbers.
  public func outputGradients(
    of loss: any SequenceLoss<Element>, reading: FinalReading = .finalStates, source: Int? = nil
  ) -> OutputGradients<Element> {
    precondition(divergence == nil, "no gradients: the forward pass diverged")
    let (steps, batch, hidden) = (shape.steps, shape.batch, shape.hiddenSize)
    let directions = layers[0].map(\.direction)
    let wide = SequenceShape(
      steps: steps, batch: batch, inputSize: shape.inputSize, hiddenSize: directions.count * hidden)
    var workspace = ReadoutWorkspace(readout: loss.readout, batch: batch)
    var values = directions.map { _ in [Element](repeating: 0, count: steps * shape.stateCount) }
    var read = directions.map { _ in Set<Int>() }
    var gradient = [Element](repeating: 0, count: wide.stateCount)
    let powers = AlignedBuffer<Int>(count: batch)
    var exponents = directions.map { _ in [Int](repeating: 0, count: steps * batch) }
    let atEnd = loss.placement == .finalStep && reading == .finalStates
    var total = 0.0
    for t in (1...steps).reversed()
    where loss.placement.includes(t, of: steps) && (source == nil || source == t) {
      let rows = atEnd ? finalStates : outputs
      total += rows.withUnsafeBufferPointer {
        loss.evaluate(
          step: t, of: wide, hidden: $0.baseAddress! + (atEnd ? 0 : (t - 1) * wide.stateCount),
          gradient: &gradient, workspace: &workspace)
      }
      loss.writeExponents(step: t, of: wide, workspace: workspace, into: powers.base)
      for (d, direction) in directions.enumerated() {
        let own = atEnd || direction == .forward ? t : steps + 1 - t
        read[d].insert(own)
        for b in 0..<batch {
          let from = b * wide.hiddenSize + d * hidden
          let to = (own - 1) * shape.stateCount + b * hidden
          values[d].replaceSubrange(to..<to + hidden, with: gradient[from..<from + hidden])
          exponents[d][(own - 1) * batch + b] = powers.base[b]
        }
      }
    }
    let hasReadout = loss.readout != nil
    return OutputGradients(
      loss: total,
      upstream: directions.indices.map { d in
        UpstreamGradient(
          values: values[d], exponents: exponents[d].contains { $0 != 0 } ? exponents[d] : nil,
          placement: read[d].count == steps ? .everyStep : .steps(read[d]))
      },
      readoutWeight: hasReadout
        ? ScaledArray(values: workspace.weightGradient.values, exponent: workspace.gradientExponent) : nil,
      readoutBias: hasReadout
        ? ScaledArray(values: workspace.biasGradient, exponent: workspace.gradientExponent) : nil)
  }
}
