import LinearAlgebra

/// What comes back into a network from all that reads it: ∂L/∂outputs and ∂L/∂ of its final states.
///
/// It replaces a loss where that is known elsewhere: of a head, of another network, of a program in another language.
public struct NetworkUpstream<Element: Scalar>: Sendable {
  /// L; nil where it is not known.
  public var loss: Double?
  /// ∂L/∂outputs [rows, D·H] in the order of the sequence, packed as ``SequenceLengths`` says; nil: 0.
  public var outputs: ScaledRows<Element>?
  /// By layer, then by direction; nil: 0.
  public var finalStates: [[StateGradients<Element>]]?

  public init(
    loss: Double? = nil, outputs: ScaledRows<Element>?, finalStates: [[StateGradients<Element>]]? = nil
  ) {
    self.loss = loss
    self.outputs = outputs
    self.finalStates = finalStates
  }

  /// The steps of the sequence at which ∂L/∂outputs is not all zero, and the last where final states are read.
  public func placement(of shape: BatchShape) -> LossPlacement {
    var read: Set<Int> = []
    if let outputs {
      read = Set(
        (1...shape.steps).filter { t in
          (shape.firstRow(of: t)..<shape.firstRow(of: t + 1)).contains { !outputs.isZero(row: $0) }
        })
    }
    let readsStates = finalStates?.joined().contains { $0.hidden != nil || $0.cell != nil } ?? false
    if readsStates { read.insert(shape.steps) }
    if read.count == shape.steps, shape.steps > 1 { return .everyStep }
    return read == [shape.steps] ? .finalStep : .steps(read)
  }

  /// The same from one step of the sequence alone; final states are read at the last.
  public func only(step: Int, of shape: BatchShape) -> NetworkUpstream {
    var part = self
    part.loss = nil
    if var rows = outputs {
      for t in 1...shape.steps where t != step {
        for row in shape.firstRow(of: t)..<shape.firstRow(of: t + 1) { rows.clear(row: row) }
      }
      part.outputs = rows
    }
    if step != shape.steps { part.finalStates = nil }
    return part
  }
}
