import LinearAlgebra

/// L = mean over the rows (t, b) that count of −log softmax(readout(h_t[b]))[class_t,b].
///
///     ∂L/∂y = (softmax(y) − one-hot(class)) / n
///
/// The n rows that count are those of the steps read whose class is not ``ignoredClass``; of the others ∂L/∂y is 0. Where
/// all are ignored, the loss is the empty sum, 0, with gradients of 0. (PyTorch divides 0 by 0.)
///
/// Where the right class is certain beyond the range of `Element`, the gradient is as small as it is, not zero.
public struct CrossEntropyLoss<Element: Scalar>: SequenceLoss {
  /// Class indices [rows] for ``LossPlacement/everyStep`` and ``LossPlacement/steps(_:)``, packed as ``SequenceLengths``
  /// says ([T, B] where lengths are equal), [B] for ``LossPlacement/finalStep``; each in 0..<O, or ``ignoredClass``.
  public let classes: [Int]
  public let placement: LossPlacement
  private let layer: Readout<Element>
  private let hasIgnored: Bool
  public var readout: Readout<Element>? { layer }

  /// - Precondition: every class is in 0..<O, or ``ignoredClass``.
  public init(classes: [Int], readout: Readout<Element>, placement: LossPlacement) {
    precondition(
      classes.allSatisfy { (0..<readout.outputSize).contains($0) || $0 == ignoredClass },
      "classes must be in 0..<\(readout.outputSize), or \(ignoredClass)")
    hasIgnored = classes.contains(ignoredClass)
    self.classes = classes
    self.placement = placement
    layer = readout
  }

  @specialized(where Element == Float)
  @specialized(where Element == Double)
  public func evaluate(
    step t: Int, of shape: SequenceShape, hidden: UnsafePointer<Element>,
    gradient: UnsafeMutablePointer<Element>, workspace: inout ReadoutWorkspace<Element>
  ) -> Double {
    let (batch, size) = (shape.count(at: t), layer.outputSize)
    let isFinal = placement == .finalStep
    let first = isFinal ? 0 : shape.firstRow(of: t)
    precondition(
      classes.count == (isFinal ? shape.batch : shape.rowCount),
      "\(classes.count) classes do not fit T = \(shape.steps), B = \(shape.batch), \(shape.rowCount) rows")
    workspace.forward(layer, batch: batch, hidden: hidden)
    let counted = workspace.countedRows ?? countedRows(of: shape)
    workspace.countedRows = counted
    let weight = 1 / Double(counted)
    let loss = classes.withUnsafeBufferPointer {
      hasIgnored
        ? skippingIgnored(
          batch, weight, $0.baseAddress! + first, &workspace.outputs, &workspace.exponents, &workspace.scratch
        )
        : Element.softmaxCrossEntropy(
          count: batch, width: size, weight: weight, classes: $0.baseAddress! + first,
          &workspace.outputs, exponents: &workspace.exponents, scratch: &workspace.scratch)
    }
    workspace.backward(layer, batch: batch, hidden: hidden, gradient: gradient)
    return loss
  }

  /// n.
  private func countedRows(of shape: SequenceShape) -> Int {
    guard hasIgnored else { return placement.rowCount(of: shape) }
    guard case .steps(let chosen) = placement else { return classes.count { $0 != ignoredClass } }
    return chosen.filter { (1...shape.steps).contains($0) }.reduce(0) { sum, t in
      sum + classes[shape.firstRow(of: t)..<shape.firstRow(of: t + 1)].count { $0 != ignoredClass }
    }
  }

  /// Rows between ignored ones at once; the gradients of those are 0.
  private func skippingIgnored(
    _ batch: Int, _ weight: Double, _ classes: UnsafePointer<Int>, _ y: UnsafeMutablePointer<Element>,
    _ exponents: UnsafeMutablePointer<Int>, _ scratch: UnsafeMutablePointer<Double>
  ) -> Double {
    let size = layer.outputSize
    var (loss, first) = (0.0, 0)
    for b in 0...batch where b == batch || classes[b] == ignoredClass {
      if b > first {
        loss += Element.softmaxCrossEntropy(
          count: b - first, width: size, weight: weight, classes: classes + first, y + first * size,
          exponents: exponents + first, scratch: scratch)
      }
      if b < batch {
        (y + b * size).update(repeating: 0, count: size)
        exponents[b] = 0
      }
      first = b + 1
    }
    return loss
  }
}
