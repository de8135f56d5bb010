import LinearAlgebra

/// How the parameters of a recurrent layer are drawn.
///
/// Each H × H block of W_hh comes from a stream of its own and is scaled to the spectral radius; W_ih is Gaussian
/// with the standard deviation that makes the input current of a unit have standard deviation `inputScale`;
/// biases are 0 but for the LSTM's forget bias, which stands in b_ih.
///
///     W_ih ~ N(0, s² / E‖x_t‖²)   so that   sd(W_ih x_t) = s
public struct ParameterRecipe: Sendable, Hashable {
  /// Which cell.
  public var cell: CellKind
  /// H and I.
  public var hiddenSize, inputSize: Int
  /// How a block of W_hh is drawn.
  public var initializer: Initializer
  /// ρ of each block of W_hh.
  public var spectralRadius: Double
  /// s: standard deviation of a unit's input current.
  public var inputScale: Double
  /// E‖x_t‖²: I for standard normal inputs, 1 for one-hot inputs.
  public var meanInputSquare: Double
  /// b_f of an LSTM; ignored for other cells.
  public var forgetBias: Double
  /// Root and trial seed of every stream.
  public var rootSeed, seed: UInt64
  /// Of every stream: which layer of a network and which of its directions it is; 0 for the first, read forward.
  public var part: UInt64

  public init(
    cell: CellKind, hiddenSize: Int, inputSize: Int, initializer: Initializer = .gaussian,
    spectralRadius: Double, inputScale: Double = 1, meanInputSquare: Double? = nil,
    forgetBias: Double = 0, rootSeed: UInt64 = 0, seed: UInt64,
    part: UInt64 = 0
  ) {
    self.cell = cell
    self.hiddenSize = hiddenSize
    self.inputSize = inputSize
    self.initializer = initializer
    self.spectralRadius = spectralRadius
    self.inputScale = inputScale
    self.meanInputSquare = meanInputSquare ?? Double(inputSize)
    self.forgetBias = forgetBias
    self.rootSeed = rootSeed
    self.seed = seed
    self.part = part
  }

  /// The stream of a purpose.
  func stream(_ purpose: RandomPurpose) -> RandomStream {
    RandomStream(rootSeed: rootSeed, trialSeed: seed, purpose: purpose, part: part)
  }

  /// Block `gate` of W_hh before it is scaled to the spectral radius, which the draw does not depend on.
  ///
  /// - Throws: ``LinearAlgebraError`` when its eigenvalues cannot be computed.
  /// - Complexity: O(H³).
  public func draw(_ gate: Int) throws(LinearAlgebraError) -> Initializer.Draw {
    var stream = stream(.hiddenWeights(block: gate))
    return try initializer.measuredDraw(size: hiddenSize, from: &stream)
  }

  /// Block `gate` of W_hh, scaled to the spectral radius.
  ///
  /// - Throws: ``LinearAlgebraError`` when the drawn block cannot be scaled.
  /// - Complexity: O(H³).
  public func recurrentBlock(_ gate: Int) throws(LinearAlgebraError) -> Matrix<Double> {
    try draw(gate).scaled(to: spectralRadius)
  }

  /// The parameters, in double precision.
  ///
  /// - Parameter block: where the blocks of W_hh come from; by default ``recurrentBlock(_:)``.
  public func parameters(
    block: ((Int) throws(LinearAlgebraError) -> Matrix<Double>)? = nil
  ) throws(LinearAlgebraError) -> RecurrentParameters<Double> {
    let gates = cell.gates
    let rows = gates.count * hiddenSize
    var hidden: [Double] = []
    var input: [Double] = []
    hidden.reserveCapacity(rows * hiddenSize)
    let sd = inputScale / meanInputSquare.squareRoot()
    for gate in gates.indices {
      hidden += try (block ?? recurrentBlock)(gate).values
      var stream = stream(.inputWeights(block: gate))
      input += stream.normals(hiddenSize * inputSize, standardDeviation: sd)
    }
    var bias = [Double](repeating: 0, count: rows)
    if let f = gates.firstIndex(of: .forget) {
      for k in f * hiddenSize..<(f + 1) * hiddenSize { bias[k] = forgetBias }
    }
    return RecurrentParameters(
      weightIH: Matrix(rows: rows, columns: inputSize, values: input),
      weightHH: Matrix(rows: rows, columns: hiddenSize, values: hidden), biasIH: bias,
      biasHH: [Double](repeating: 0, count: rows))
  }
}
