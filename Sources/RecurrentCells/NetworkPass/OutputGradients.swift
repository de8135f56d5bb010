import LinearAlgebra

/// A loss of what the last layer of a network gives, with its gradients by that: for a layer of two directions,
/// neither of which can take the loss by itself.
@usableFromInline
struct OutputGradients<Element: Scalar> {
  /// L.
  @usableFromInline let loss: Double
  /// For each direction of the last layer, in its own time.
  @usableFromInline let upstream: [UpstreamGradient<Element>]
  /// Of the loss's readout, if it has one.
  @usableFromInline let readoutWeight, readoutBias: ScaledArray<Element>?
}

extension OutputGradients {
  /// What is known of a loss whose gradients come from elsewhere.
  @usableFromInline
  init(loss: Double) {
    self.loss = loss
    upstream = []
    (readoutWeight, readoutBias) = (nil, nil)
  }

  /// Evaluates a loss at the final step of the final states of both directions.
  ///
  /// - Parameter states: h_T of each direction [B, H].
  @usableFromInline
  init(of loss: any SequenceLoss<Element>, states: [[Element]], shape: SequenceShape) {
    let (batch, hidden, directions) = (shape.batch, shape.hiddenSize, states.count)
    let width = directions * hidden
    let joined = [Element](writing: batch * width) { target in
      for (d, state) in states.enumerated() {
        copyRows(batch, width: hidden, from: state, stride: hidden, to: target + d * hidden, stride: width)
      }
    }
    var workspace = ReadoutWorkspace(readout: loss.readout, batch: batch)
    var gradient = [Element](repeating: 0, count: batch * width)
    var powers = [Int](repeating: 0, count: batch)
    let wide = shape.with(hiddenSize: width)
    let value = loss.evaluate(
      step: shape.steps, of: wide, hidden: joined, gradient: &gradient, workspace: &workspace)
    loss.writeExponents(step: shape.steps, of: wide, workspace: workspace, into: &powers)
    self.init(
      loss: value,
      upstream: (0..<directions).map { d in
        let values = gradient.withUnsafeBufferPointer { rows in
          [Element](writing: batch * hidden) { target in
            guard let base = rows.baseAddress else { return }
            copyRows(batch, width: hidden, from: base + d * hidden, stride: width, to: target, stride: hidden)
          }
        }
        return UpstreamGradient(
          values: values, exponents: powers.allSatisfy { $0 == 0 } ? nil : powers, placement: .finalStep)
      }, workspace, hasReadout: loss.readout != nil)
  }

  /// Evaluates a loss of the outputs, step by step from the last.
  ///
  /// - Parameters:
  ///   - outputs: [rows, D·H], in the order of the sequence.
  ///   - shape: of a layer; `mirror` of the same.
  @usableFromInline
  init(of loss: any SequenceLoss<Element>, outputs: [Element], shape: SequenceShape, _ mirror: MirroredRows) {
    let (steps, hidden) = (shape.steps, shape.hiddenSize)
    let width = outputs.count / shape.rowCount
    let wide = shape.with(hiddenSize: width)
    var workspace = ReadoutWorkspace(readout: loss.readout, shape: wide, placement: loss.placement)
    var rows = ScaledRows<Element>(
      width: width, values: Array(repeating: 0, count: outputs.count),
      exponents: Array(repeating: 0, count: shape.rowCount))
    var (value, read) = (0.0, 0)
    // The own steps of the reverse direction whose gradients are not zero.
    var mirrored: Set<Int> = []
    for t in (1...steps).reversed() where loss.placement.includes(t, of: steps) {
      let first = shape.firstRow(of: t)
      outputs.withUnsafeBufferPointer { outputs in
        rows.values.withUnsafeMutableBufferPointer { gradients in
          guard let outputs = outputs.baseAddress, let gradients = gradients.baseAddress else { return }
          value += loss.evaluate(
            step: t, of: wide, hidden: outputs + first * width, gradient: gradients + first * width,
            workspace: &workspace)
        }
      }
      rows.exponents.withUnsafeMutableBufferPointer { powers in
        guard let powers = powers.baseAddress else { return }
        loss.writeExponents(step: t, of: wide, workspace: workspace, into: powers + first)
      }
      read += 1
      for b in 0..<shape.count(at: t) { mirrored.insert(mirror.shape.mirrored(t, of: b)) }
    }
    let placement: LossPlacement =
      read == steps ? .everyStep : .steps(Set((1...steps).filter { loss.placement.includes($0, of: steps) }))
    self.init(
      loss: value,
      upstream: Direction.allCases.prefix(width / hidden).map { direction in
        rows.upstream(
          of: direction, hiddenSize: hidden, mirror,
          placement: direction == .forward
            ? placement : mirrored.count == steps ? .everyStep : .steps(mirrored))
      }, workspace, hasReadout: loss.readout != nil)
  }

  private init(
    loss: Double, upstream: [UpstreamGradient<Element>], _ workspace: ReadoutWorkspace<Element>,
    hasReadout: Bool
  ) {
    self.loss = loss
    self.upstream = upstream
    readoutWeight =
      hasReadout
      ? ScaledArray(values: workspace.weightGradient.values, exponent: workspace.gradientExponent) : nil
    readoutBias =
      hasReadout ? ScaledArray(values: workspace.biasGradient, exponent: workspace.gradientExponent) : nil
  }
}
