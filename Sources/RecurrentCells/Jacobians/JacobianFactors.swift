import LinearAlgebra

/// The Jacobian of one step in factors, so that what is saturated costs no digit: each map is diagonal, of any grading, or
/// well conditioned as far as the weights are.
///
///     J_tᵀ = C Ĵᵀ S Kᵀ
///
///     rnn    S = φ'(a),                  Ĵ = W_hh                               C = K = 1
///     gru    S = the largest of the four derivatives of a unit,  Ĵ what is left of J over S
///     lstm   K: h rows ← h rows + q · c rows, q = ∂h/∂c
///            S = (|∂h/∂a_o|, the largest of f and |∂c/∂a|),      C = (1, f over that)
///
/// The derivatives are computed anew from states and inputs, with exponents of their own: exact where a tape holds zeros,
/// for tanh'(a) beyond |a| = 354 or a sigmoid beyond 708. What is divided by what is each cell's own to say
/// (``RecurrentCell/unitJacobian(_:remainder:)``).
///
/// - Complexity: 2·G·H·(H + I) operations a step; no allocation.
public struct JacobianFactors<Cell: RecurrentCell>: ~Copyable where Cell.Element == Double {
  /// H and n.
  public let hiddenSize, stateSize: Int
  private let parameters: RecurrentParameters<Double>
  private let input, recurrent: AlignedBuffer<Double>
  /// S: rowFactors[i] · 2^rowPowers[i] [n].
  public let rowFactors: AlignedBuffer<Double>
  public let rowPowers: AlignedBuffer<Int>
  /// C, in the same form [n]; 1 for a cell without c.
  public let carryFactors: AlignedBuffer<Double>
  public let carryPowers: AlignedBuffer<Int>
  /// The factors of a backward step that is Ĵᵀ [factorCount, H].
  private let remainder: AlignedBuffer<Double>
  /// q of K [H]; empty for a cell without c.
  private let output: AlignedBuffer<Double>
  /// Factors of one unit, and what is left of them.
  private let unitFactors, unitRemainder: AlignedBuffer<ScaledNumber>
  /// What stands for a part that is below the range beside the largest of its row: 0, or with noise 2⁻⁹⁶⁰.
  private let underflow: Double
  /// As the errors of the weights have left it.
  public private(set) var noise: RoundingNoise?
  /// Ĵ of the last step, for k vectors.
  public let jacobian: StateJacobian<Cell>

  /// - Parameters:
  ///   - count: k.
  ///   - noise: to see what rounding errors do: of W_hh, of the forward pass where c_t or h_{t−1} − n is what is left of
  ///     larger numbers (``CellStateErrors``), and whether parts of Ĵ or K matter that are below 2⁻⁹⁶⁰.
  public init(cell: Cell, count: Int, noise: RoundingNoise? = nil) {
    var (parameters, noise) = (cell.parameters, noise)
    parameters.weightHH.values.withUnsafeMutableBufferPointer {
      if let base = $0.baseAddress { noise?.disturb(base, count: $0.count) }
    }
    self.parameters = parameters
    self.noise = noise
    underflow = noise == nil ? 0 : 0x1p-960
    jacobian = StateJacobian(cell: Cell(parameters: parameters), count: count)
    hiddenSize = parameters.hiddenSize
    stateSize = jacobian.stateSize
    let rows = parameters.weightHH.rows
    unitFactors = AlignedBuffer(count: max(1, Cell.factorCount))
    unitRemainder = AlignedBuffer(count: max(1, Cell.factorCount))
    input = AlignedBuffer(count: rows)
    recurrent = AlignedBuffer(count: rows)
    rowFactors = AlignedBuffer(count: stateSize)
    rowPowers = AlignedBuffer(count: stateSize)
    carryFactors = AlignedBuffer(count: stateSize)
    carryPowers = AlignedBuffer(count: stateSize)
    carryFactors.base.update(repeating: 1, count: stateSize)
    remainder = AlignedBuffer(count: Cell.factorCount * hiddenSize)
    output = AlignedBuffer(count: Cell.carriesCellState ? hiddenSize : 0)
  }

  /// Whether the tape's factors of a step differ by so much that a Jacobian in one piece has lost directions: by more than
  /// 2⁴⁰, or a derivative is below the range. What differs by less shows in what is left of a direction.
  public static func areNeeded(for step: TapeStep<Double>, element: Int) -> Bool {
    let (size, count) = (step.hiddenSize, Cell.factorCount)
    return withUnsafeTemporaryAllocation(of: ScaledNumber.self, capacity: 2 * max(1, count)) { scratch in
      let factors = scratch.baseAddress!
      var (least, most) = (Int.max, Int.min)
      // Exact zeros are no question of digits.
      func note(_ row: ScaledNumber) {
        if row.isZero { return }
        least = min(least, row.exponent)
        most = max(most, row.exponent)
      }
      for k in element * size..<(element + 1) * size {
        step.copyFactors(count, of: k, into: factors)
        let unit = Cell.unitJacobian(factors, remainder: factors + count)
        if step.hasLostFactors { return true }
        note(unit.hidden)
        guard Cell.carriesCellState else { continue }
        // A c_t of 0 may be what rounding left of a difference.
        if unit.hidden.isZero || unit.cell.isZero { return true }
        note(unit.cell)
        if !unit.carry.isZero { least = min(least, unit.carry.exponent) }
      }
      return most > .min && most - least > 40
    }
  }

  /// Takes the step's derivatives along the trajectory of a batch element.
  ///
  /// - Parameter errors: those of the step and the one before it; not looked at without noise.
  public mutating func load(
    _ step: TapeStep<Double>, element: Int, errors: borrowing CellStateErrors<Cell>
  ) {
    let h = step.previousHidden + element * hiddenSize
    if Cell.losesFactors {
      product(step.input + element * step.inputSize, parameters.weightIH, parameters.biasIH, into: input.base)
      product(h, parameters.weightHH, parameters.biasHH, into: recurrent.base)
      if !Cell.keepsCurrentsApart {
        for row in 0..<parameters.weightHH.rows { input.base[row] += recurrent.base[row] }
      }
    }
    for k in 0..<hiddenSize {
      let state = element * hiddenSize + k
      if Cell.losesFactors {
        Cell.wideFactors(
          of: WideUnit(
            currents: input.base + k,
            recurrentCurrents: (Cell.keepsCurrentsApart ? recurrent.base : input.base) + k,
            stride: hiddenSize,
            previousHidden: h[k], previousCell: cell(step.previousCell, state, errors, step.time - 1, k),
            cell: cell(step.cell, state, errors, step.time, k),
            complement: step.previousComplement?[state], error: noise?.next() ?? 0),
          into: unitFactors.base)
      } else {
        step.copyFactors(Cell.factorCount, of: state, into: unitFactors.base)
      }
      set(k, Cell.unitJacobian(unitFactors.base, remainder: unitRemainder.base))
    }
    jacobian.load(factors: remainder.base)
  }

  /// c_t of a unit, with an error where there is noise; 0 for a cell without c.
  private mutating func cell(
    _ values: UnsafePointer<Double>?, _ state: Int, _ errors: borrowing CellStateErrors<Cell>, _ time: Int,
    _ k: Int
  ) -> Double {
    guard let value = values?[state] else { return 0 }
    guard let error = noise?.next() else { return value }
    return value + error * errors.row(time)[k]
  }

  private func set(_ k: Int, _ unit: UnitJacobian) {
    let size = hiddenSize
    (rowFactors.base[k], rowPowers.base[k]) = (unit.hidden.mantissa, unit.hidden.exponent)
    for f in 0..<Cell.factorCount { remainder.base[f * size + k] = inRange(unitRemainder.base[f]) }
    guard Cell.carriesCellState else { return }
    (rowFactors.base[size + k], rowPowers.base[size + k]) = (unit.cell.mantissa, unit.cell.exponent)
    (carryFactors.base[size + k], carryPowers.base[size + k]) = (unit.carry.mantissa, unit.carry.exponent)
    output.base[k] = inRange(unit.output)
  }

  /// The h rows ← h rows + q · c rows, which is K; nothing for a cell without c.
  public func mixTangents(of vectors: UnsafeMutablePointer<Double>, count: Int) {
    guard Cell.carriesCellState else { return }
    for j in 0..<count {
      let (h, c) = (vectors + j * stateSize, vectors + j * stateSize + hiddenSize)
      for k in 0..<hiddenSize { h[k] += output.base[k] * c[k] }
    }
  }

  /// The c rows ← c rows + q · h rows, which is Kᵀ; nothing for a cell without c.
  public func mixRows(of vectors: UnsafeMutablePointer<Double>, count: Int) {
    guard Cell.carriesCellState else { return }
    for j in 0..<count {
      let (h, c) = (vectors + j * stateSize, vectors + j * stateSize + hiddenSize)
      for k in 0..<hiddenSize { c[k] += output.base[k] * h[k] }
    }
  }

  private func inRange(_ part: ScaledNumber) -> Double {
    part.isZero || part.exponent >= -960 ? part.double : part.mantissa * underflow
  }

  private func product(
    _ x: UnsafePointer<Double>, _ weight: Matrix<Double>, _ bias: [Double],
    into out: UnsafeMutablePointer<Double>
  ) {
    for row in 0..<weight.rows {
      out[row] =
        bias[row]
        + weight.values.withUnsafeBufferPointer {
          Double.dot(weight.columns, x, $0.baseAddress! + row * weight.columns)
        }
    }
  }
}
