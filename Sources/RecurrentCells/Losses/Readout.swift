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

/// Outputs of one step and the gradient of the readout so far, with the prepared products; made once a pass.
public struct ReadoutWorkspace<Element: Scalar>: Sendable {
  /// y, then ∂L/∂y, of one step [B, O].
  public var outputs: [Element]
  /// Σ_t ∂L/∂W_o [O, H] and Σ_t ∂L/∂b_o [O]: unscaled, for no product through time enters them.
  public var weightGradient: Matrix<Element>
  public var biasGradient: [Element]
  /// O numbers for a loss.
  public var scratch: [Double]

  private let batch: Int
  private let weightTransposed: [Element]
  private let forwardProduct, stateGradient, weightProduct: MatrixProduct<Element>?

  /// Room for a batch; empty without a readout.
  public init(readout: Readout<Element>?, batch: Int) {
    let (o, h) = (readout?.outputSize ?? 0, readout?.weight.columns ?? 0)
    self.batch = batch
    outputs = Array(repeating: 0, count: batch * o)
    weightGradient = Matrix(rows: o, columns: h)
    biasGradient = Array(repeating: 0, count: o)
    scratch = Array(repeating: 0, count: o)
    weightTransposed = Array(unsafeUninitializedCapacity: o * h) { values, count in
      if let readout {
        Element.transpose(rows: o, columns: h, readout.weight.values, into: values.baseAddress!)
      }
      count = o * h
    }
    let exists = readout != nil
    forwardProduct = exists ? MatrixProduct(m: batch, n: o, k: h, accumulates: true) : nil
    stateGradient = exists ? MatrixProduct(m: batch, n: h, k: o, accumulates: false) : nil
    weightProduct =
      exists ? MatrixProduct(m: o, n: h, k: batch, transposeA: true, accumulates: true) : nil
  }

  /// y = h W_oᵀ + b_o.
  ///
  /// - Precondition: the workspace was made for this readout and batch.
  public mutating func forward(
    _ readout: Readout<Element>, batch: Int, hidden: UnsafePointer<Element>
  ) {
    guard let forwardProduct, batch == self.batch else {
      preconditionFailure("a workspace for another readout")
    }
    Element.fillRows(count: batch, width: readout.outputSize, readout.bias, nil, into: &outputs)
    forwardProduct(hidden, weightTransposed, into: &outputs)
  }

  /// From ∂L/∂y in ``outputs``: ∂L/∂h = ∂L/∂y W_o, and the readout's own gradients accumulate.
  public mutating func backward(
    _ readout: Readout<Element>, batch: Int, hidden: UnsafePointer<Element>,
    gradient: UnsafeMutablePointer<Element>
  ) {
    guard let stateGradient, let weightProduct, batch == self.batch else {
      preconditionFailure("a workspace for another readout")
    }
    stateGradient(outputs, readout.weight.values, into: gradient)
    weightProduct(outputs, hidden, into: &weightGradient.values)
    Element.addColumnSums(count: batch, width: readout.outputSize, outputs, into: &biasGradient)
  }
}
