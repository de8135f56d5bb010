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
  /// Powers of two of the rows of ∂L/∂y [B], which a loss may set: 0 for ordinary ones.
  public var exponents: [Int]
  /// Σ_t ∂L/∂W_o [O, H] and Σ_t ∂L/∂b_o [O], times 2^gradientExponent: 0 unless a loss gave its rows exponents, for no
  /// product through time enters them.
  public private(set) var weightGradient: Matrix<Element>
  public private(set) var biasGradient: [Element]
  public private(set) var gradientExponent = 0
  /// O numbers for a loss.
  public var scratch: [Double]
  /// How many rows a mean is over, once a loss has counted them.
  var countedRows: Int?

  private let batch: Int
  private let weightTransposed: [Element]
  private let products: RowProducts?
  /// Those of steps that fewer sequences have, by their number.
  private let fewer: [RowProducts?]

  private struct RowProducts {
    let forward, stateGradient, weight: MatrixProduct<Element>

    init(count: Int, _ o: Int, _ h: Int, generates: Bool = true) {
      forward = MatrixProduct(m: count, n: o, k: h, accumulates: true, generates: generates)
      stateGradient = MatrixProduct(m: count, n: h, k: o, accumulates: false, generates: generates)
      weight = MatrixProduct(m: o, n: h, k: count, transposeA: true, accumulates: true, generates: generates)
    }
  }

  /// Room for a batch, all of whose sequences have the steps that are read; empty without a readout.
  public init(readout: Readout<Element>?, batch: Int) { self.init(readout, batch, counts: []) }

  /// Room for the steps that a loss reads; empty without a readout.
  public init(readout: Readout<Element>?, shape: SequenceShape, placement: LossPlacement) {
    let readsAll = readout != nil && placement != .finalStep
    self.init(readout, shape.batch, counts: readsAll ? shape.smallerCounts : [])
  }

  private init(_ readout: Readout<Element>?, _ batch: Int, counts: Set<Int>) {
    let (o, h) = (readout?.outputSize ?? 0, readout?.weight.columns ?? 0)
    self.batch = batch
    outputs = Array(repeating: 0, count: batch * o)
    weightGradient = Matrix(rows: o, columns: h)
    biasGradient = Array(repeating: 0, count: o)
    exponents = Array(repeating: 0, count: batch)
    scratch = Array(repeating: 0, count: o)
    weightTransposed = Array(unsafeUninitializedCapacity: o * h) { values, count in
      if let readout {
        Element.transpose(rows: o, columns: h, readout.weight.values, into: values.baseAddress!)
      }
      count = o * h
    }
    products = readout == nil ? nil : RowProducts(count: batch, o, h)
    fewer =
      counts.isEmpty
      ? [] : (0..<batch).map { counts.contains($0) ? RowProducts(count: $0, o, h) : nil }
  }

  private func products(_ count: Int, _ readout: Readout<Element>) -> RowProducts {
    guard let products, count <= batch else { preconditionFailure("a workspace for another readout") }
    if count == batch { return products }
    return (fewer.isEmpty ? nil : fewer[count])
      ?? RowProducts(count: count, readout.outputSize, readout.weight.columns, generates: false)
  }

  /// y = h W_oᵀ + b_o of the first rows.
  ///
  /// - Precondition: the workspace was made for this readout, and for `batch` rows at least.
  public mutating func forward(
    _ readout: Readout<Element>, batch: Int, hidden: UnsafePointer<Element>
  ) {
    let products = products(batch, readout)
    Element.fillRows(count: batch, width: readout.outputSize, readout.bias, nil, into: &outputs)
    products.forward(hidden, weightTransposed, into: &outputs)
  }

  /// From ∂L/∂y in ``outputs``: ∂L/∂h = ∂L/∂y W_o, whose rows have the same ``exponents``, and the readout's own
  /// gradients accumulate.
  public mutating func backward(
    _ readout: Readout<Element>, batch: Int, hidden: UnsafePointer<Element>,
    gradient: UnsafeMutablePointer<Element>
  ) {
    let products = products(batch, readout)
    products.stateGradient(outputs, readout.weight.values, into: gradient)
    if gradientExponent != 0 || exponents[..<batch].contains(where: { $0 != 0 }) {
      alignRows(batch, width: readout.outputSize)
    }
    products.weight(outputs, hidden, into: &weightGradient.values)
    Element.addColumnSums(count: batch, width: readout.outputSize, outputs, into: &biasGradient)
  }

  /// Brings the rows of ∂L/∂y and the sums so far to the exponent of the largest.
  private mutating func alignRows(_ batch: Int, width: Int) {
    func top(_ values: [Element], _ exponent: Int) -> Int? {
      let largest = ScaledNumber(Element.largestMagnitude(values.count, values))
      return largest.isZero || !largest.isFinite ? nil : largest.exponent + exponent
    }
    let rows = (0..<batch).compactMap { b in
      top(Array(outputs[b * width..<(b + 1) * width]), exponents[b])
    }
    let sums = [top(weightGradient.values, gradientExponent), top(biasGradient, gradientExponent)]
    guard let largest = (rows + sums.compactMap(\.self)).max() else { return }
    var factor = powerOfTwo(min(1023, gradientExponent - largest))
    Element.scaleRows(count: 1, width: weightGradient.values.count, scale: &factor, &weightGradient.values)
    Element.scaleRows(count: 1, width: width, scale: &factor, &biasGradient)
    gradientExponent = largest
    // A row of zeros takes any factor.
    let factors = exponents[..<batch].map { powerOfTwo(min(1023, $0 - largest)) }
    Element.scaleRows(count: batch, width: width, scale: factors, &outputs)
  }
}
