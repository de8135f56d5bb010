import LinearAlgebra
import RecurrentCells

/// L = Σ w_class(−log softmax(y)_class) / Σ w_class over the rows whose class counts.
///
///     ∂L/∂y = w_class (softmax(y) − one-hot(class)) / Σ w
///
/// The mean of PyTorch's nn.CrossEntropyLoss, where class weights weigh the mean as well. Rows of ``ignoredClass`` take
/// no part. Where a class is certain beyond the range of `Double`, the gradient is as small as it is, not zero.
public struct WeightedCrossEntropy: Criterion {
  /// By row; in 0..<O, or ``ignoredClass``.
  public let classes: [Int]
  /// By class; nil: all 1.
  public let weights: [Double]?
  private let total: Double

  /// - Precondition: classes are those of `weights`, where there are any; the weights that count have a sum above 0.
  public init(classes: [Int], weights: [Double]? = nil) {
    self.classes = classes
    self.weights = weights
    total = classes.reduce(0) { sum, label in
      label == ignoredClass ? sum : sum + (weights?[label] ?? 1)
    }
  }

  public var name: String { weights == nil ? "cross-entropy" : "weighted cross-entropy" }

  public func evaluate(rows: Range<Int>, y: inout [Double], exponents: inout [Int]) -> Double {
    let width = y.count / max(1, rows.count)
    var scratch = [Double](repeating: 0, count: width)
    var loss = 0.0
    for (k, row) in rows.enumerated() {
      let label = classes[row]
      guard label != ignoredClass else {
        for i in k * width..<(k + 1) * width { y[i] = 0 }
        exponents[k] = 0
        continue
      }
      let weight = (weights?[label] ?? 1) / total
      loss += y.withUnsafeMutableBufferPointer { y in
        exponents.withUnsafeMutableBufferPointer { exponents in
          withUnsafePointer(to: label) { label in
            Double.softmaxCrossEntropy(
              count: 1, width: width, weight: weight, classes: label, y.baseAddress! + k * width,
              exponents: exponents.baseAddress! + k, scratch: &scratch)
          }
        }
      }
    }
    return loss
  }
}
