import LinearAlgebra

extension ModelPass {
  /// Walks the layers from the last to the first. `visit` runs the backward pass of a layer under the gradients that
  /// come from above it, with whatever probes it likes, and with the given probe of the input gradients beside them.
  ///
  /// May be called again; the tapes stay.
  ///
  /// - Parameters:
  ///   - upstream: for each direction of the last layer, in its own time; see ``outputGradients(of:reading:source:)``.
  ///   - visit: layer, its upstream gradient, and the probe; nil for the first layer, whose inputs are data.
  public func backward(
    from upstream: [UpstreamGradient<Element>],
    visit: (LayerPass<Cell>, UpstreamGradient<Element>, InputGradients<Element>?) throws -> Void
  ) rethrows {
    precondition(divergence == nil, "no gradients: the forward pass diverged")
    var above = upstream
    for passes in layers.reversed() {
      var found: [InputGradients<Element>] = []
      for (layer, gradient) in zip(passes, above) {
        let probe =
          layer.layer == 0
          ? nil : InputGradients(shape: layer.pass.shape, parameters: layer.pass.cell.parameters)
        try visit(layer, gradient, probe)
        if let probe { found.append(probe) }
      }
      if !found.isEmpty { above = below(zip(passes, found).map { ($0.direction, $1) }) }
    }
  }

  /// The sum over directions of the gradients of what they read, split by the directions of the layer below.
  private func below(
    _ found: [(direction: Direction, gradients: InputGradients<Element>)]
  ) -> [UpstreamGradient<Element>] {
    let (rows, hidden) = (shape.steps * shape.batch, shape.hiddenSize)
    let width = found.count * hidden
    var sum = [Element](repeating: 0, count: rows * width)
    var exponents = [Int](repeating: .min, count: rows)
    let parts = found.map { direction, gradients in
      (
        values: direction.ordered(gradients.values, width: shape.batch * width),
        exponents: direction.ordered(gradients.exponents, width: shape.batch)
      )
    }
    for part in parts {
      for row in 0..<rows {
        part.values.withUnsafeBufferPointer { values in
          let largest = Element.largestMagnitude(width, values.baseAddress! + row * width)
          if largest != 0 {
            exponents[row] = max(exponents[row], part.exponents[row] + ScaledNumber(largest).exponent)
          }
        }
      }
    }
    // Rows of zeros have the exponent 0.
    for row in 0..<rows where exponents[row] == .min { exponents[row] = 0 }
    for part in parts {
      // A row of zeros may have any exponent beside the other direction's: 0 · 2^1023 is 0, 0 · ∞ is not.
      let scales = (0..<rows).map { powerOfTwo(min(1023, part.exponents[$0] - exponents[$0])) }
      Element.addScaledRows(count: rows, width: width, scale: scales, part.values, into: &sum)
    }
    return layers[0].enumerated().map { d, layer in
      var values: [Element] = []
      values.reserveCapacity(rows * hidden)
      for row in 0..<rows { values += sum[row * width + d * hidden..<row * width + (d + 1) * hidden] }
      return UpstreamGradient(
        values: layer.direction.ordered(values, width: shape.stateCount),
        exponents: layer.direction.ordered(exponents, width: shape.batch))
    }
  }
}
