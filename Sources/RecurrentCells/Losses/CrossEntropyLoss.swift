import Foundation
import LinearAlgebra

/// L = mean over the steps read and b of −log softmax(readout(h_t[b]))[class_t,b].
///
///     ∂L/∂y = (softmax(y) − one-hot(class)) / (steps read · B)
public struct CrossEntropyLoss<Element: Scalar>: SequenceLoss {
  /// Class indices [T, B] for ``LossPlacement/everyStep`` and ``LossPlacement/steps(_:)``, [B] for
  /// ``LossPlacement/finalStep``; each in 0..<O.
  public let classes: [Int]
  public let placement: LossPlacement
  private let layer: Readout<Element>
  public var readout: Readout<Element>? { layer }

  /// - Precondition: every class is in 0..<O.
  public init(classes: [Int], readout: Readout<Element>, placement: LossPlacement) {
    precondition(
      classes.allSatisfy { (0..<readout.outputSize).contains($0) },
      "classes must be in 0..<\(readout.outputSize)")
    self.classes = classes
    self.placement = placement
    layer = readout
  }

  public func evaluate(
    step t: Int, of shape: SequenceShape, hidden: UnsafePointer<Element>,
    gradient: UnsafeMutablePointer<Element>, workspace: inout ReadoutWorkspace<Element>
  ) -> Double {
    let (batch, size) = (shape.batch, layer.outputSize)
    let first = placement == .finalStep ? 0 : (t - 1) * batch
    precondition(
      classes.count == (placement == .finalStep ? batch : shape.steps * batch),
      "\(classes.count) classes do not fit T = \(shape.steps), B = \(batch)")
    workspace.forward(layer, batch: batch, hidden: hidden)
    let weight = 1 / Double(placement.count(of: shape.steps) * batch)
    var loss = 0.0
    for b in 0..<batch {
      loss +=
        weight
        * softmaxCrossEntropy(
          &workspace.outputs, row: b * size..<(b + 1) * size, class: classes[first + b], weight: weight)
    }
    workspace.backward(layer, batch: batch, hidden: hidden, gradient: gradient)
    return loss
  }
}

/// −log softmax(y)[class] of one row, which becomes weight · (softmax(y) − one-hot(class)).
@specialized(where Element == Float)
@specialized(where Element == Double)
func softmaxCrossEntropy<Element: Scalar>(
  _ y: inout [Element], row: Range<Int>, class target: Int, weight: Double
) -> Double {
  let own = row.lowerBound + target
  var largest = -Double.infinity
  for k in row { largest = max(largest, Double(y[k])) }
  // The other classes' share is summed apart: 1 − p of a confident prediction keeps its digits.
  var others = 0.0
  for k in row where k != own { others += exp(Double(y[k]) - largest) }
  let mine = exp(Double(y[own]) - largest)
  let sum = mine + others
  let loss = mine == 1 ? log1p(others) : log(sum) + largest - Double(y[own])
  for k in row {
    y[k] = Element(weight * (k == own ? -others : exp(Double(y[k]) - largest)) / sum)
  }
  return loss
}
