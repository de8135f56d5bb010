import LinearAlgebra

/// The linear layer y = h W_oᵀ + b_o that a loss may read the hidden state through.
public struct Readout<Element: Scalar>: Sendable, Equatable {
  /// [O, H].
  public var weight: Matrix<Element>
  /// [O].
  public var bias: [Element]

  /// - Precondition: as many biases as rows.
  public init(weight: Matrix<Element>, bias: [Element]) {
    precondition(
      bias.count == weight.rows, "a readout of \(weight.rows) outputs has no \(bias.count) biases")
    self.weight = weight
    self.bias = bias
  }

  /// O.
  public var outputSize: Int { weight.rows }

  /// The same readout in another precision.
  public func converted<Other: Scalar>(to type: Other.Type) -> Readout<Other> {
    Readout<Other>(weight: weight.converted(to: type), bias: Other.array(Element.doubles(bias)))
  }
}

/// Outputs of one step and the gradient of the readout so far; allocated once a pass.
public struct ReadoutWorkspace<Element: Scalar>: Sendable {
  /// y, then ∂L/∂y, of one step [B, O].
  public var outputs: [Element]
  /// Σ_t ∂L/∂W_o [O, H] and Σ_t ∂L/∂b_o [O]: unscaled, for no product through time enters them.
  public var weightGradient: Matrix<Element>
  public var biasGradient: [Element]

  /// Room for a batch; empty without a readout.
  public init(readout: Readout<Element>?, batch: Int) {
    let size = readout?.outputSize ?? 0
    outputs = Array(repeating: 0, count: batch * size)
    weightGradient = Matrix(rows: size, columns: readout?.weight.columns ?? 0)
    biasGradient = Array(repeating: 0, count: size)
  }

  /// y = h W_oᵀ + b_o.
  public mutating func forward(
    _ readout: Readout<Element>, batch: Int, hidden: UnsafePointer<Element>
  ) {
    let (o, h) = (readout.outputSize, readout.weight.columns)
    outputs.withUnsafeMutableBufferPointer { y in
      readout.bias.withUnsafeBufferPointer { b in
        Element.fillRows(count: batch, width: o, b.baseAddress!, nil, into: y.baseAddress!)
      }
      readout.weight.values.withUnsafeBufferPointer { w in
        Element.multiply(
          transposeA: false, transposeB: true, m: batch, n: o, k: h, hidden, lda: h,
          w.baseAddress!, ldb: h, beta: 1, y.baseAddress!, ldc: o)
      }
    }
  }

  /// From ∂L/∂y in ``outputs``: ∂L/∂h = ∂L/∂y W_o, and the readout's own gradients accumulate.
  public mutating func backward(
    _ readout: Readout<Element>, batch: Int, hidden: UnsafePointer<Element>,
    gradient: UnsafeMutablePointer<Element>
  ) {
    let (o, h) = (readout.outputSize, readout.weight.columns)
    outputs.withUnsafeBufferPointer { dy in
      readout.weight.values.withUnsafeBufferPointer { w in
        Element.multiply(
          transposeA: false, transposeB: false, m: batch, n: h, k: o, dy.baseAddress!, lda: o,
          w.baseAddress!, ldb: h, beta: 0, gradient, ldc: h)
      }
      weightGradient.values.withUnsafeMutableBufferPointer { dw in
        Element.multiply(
          transposeA: true, transposeB: false, m: o, n: h, k: batch, dy.baseAddress!, lda: o,
          hidden, ldb: h, beta: 1, dw.baseAddress!, ldc: h)
      }
      biasGradient.withUnsafeMutableBufferPointer { db in
        Element.addColumnSums(count: batch, width: o, dy.baseAddress!, into: db.baseAddress!)
      }
    }
  }
}
