// swift-format-ignore-file: AlwaysUseLowerCamelCase

import LinearAlgebra
import RecurrentCells

/// The library's types for a naive network.
extension NaiveNetwork {
  public var kind: CellKind { CellKind(rawValue: cell.rawValue)! }
  public var shape: SequenceShape {
    SequenceShape(
      steps: sizes.steps, batch: sizes.batch, inputSize: sizes.inputSize,
      hiddenSize: sizes.hiddenSize)
  }

  public func parameters<Element: Scalar>(_: Element.Type) -> RecurrentParameters<Element> {
    RecurrentParameters(
      weightIH: matrix(W_ih, sizes.inputSize), weightHH: matrix(W_hh, sizes.hiddenSize),
      biasIH: Element.array(b_ih), biasHH: Element.array(b_hh))
  }

  public func initialState<Element: Scalar>(_: Element.Type) -> InitialState<Element>? {
    if self[.h_0].allSatisfy({ $0 == 0 }) && self[.c_0].allSatisfy({ $0 == 0 }) { return nil }
    return InitialState(
      hidden: Element.array(self[.h_0]), cell: cell == .lstm ? Element.array(self[.c_0]) : nil)
  }

  public func libraryLoss<Element: Scalar>(_: Element.Type) -> any SequenceLoss<Element> {
    let readout = Readout<Element>(
      weight: matrix(W_o, sizes.hiddenSize), bias: Element.array(b_o))
    switch loss {
    case .finalDot(let v): return FinalDotLoss(direction: Element.array(v))
    case .finalMeanSquare(let targets):
      return MeanSquaredErrorLoss(
        targets: Element.array(targets.flatMap { $0 }), readout: readout, placement: .finalStep)
    case .crossEntropy(let classes, let kind):
      let last = kind == .crossEntropyFinal
      let unread = [Int](repeating: 0, count: sizes.batch)
      let placement: LossPlacement =
        last ? .finalStep : kind == .crossEntropyEveryStep ? .everyStep : .steps(Set(classes.keys))
      return CrossEntropyLoss(
        classes: last
          ? classes[sizes.steps]! : (1...sizes.steps).flatMap { classes[$0] ?? unread },
        readout: readout, placement: placement)
    }
  }

  @inlinable
  public func pass<Cell: RecurrentCell>(
    _ type: Cell.Type, tapeBudget: Int = 1 << 28
  ) -> SequencePass<Cell> {
    SequencePass(
      cell: Cell(parameters: parameters(Cell.Element.self)), shape: shape,
      inputs: Cell.Element.array(self[.x]), initialState: initialState(Cell.Element.self),
      tapeBudget: tapeBudget)
  }

  private func matrix<Element: Scalar>(_ rows: [[Double]], _ columns: Int) -> Matrix<Element> {
    Matrix(rows: rows.count, columns: columns, values: Element.array(rows.flatMap { $0 }))
  }
}

extension NaiveStack {
  public var model: RecurrentModel<Double> {
    RecurrentModel(
      cell: layers[0][0].kind, layers: layers.map { $0.map { $0.parameters(Double.self) } })
  }

  public var inputs: [Double] { layers[0][0][.x] }

  public var initialStates: [[InitialState<Double>]] {
    layers.map {
      $0.map { InitialState(hidden: $0[.h_0], cell: $0.cell == .lstm ? $0[.c_0] : nil) }
    }
  }

  public var reading: FinalReading { readsFinalStates ? .finalStates : .lastOutput }

  public var network: Network<Double> {
    let width = model.outputSize
    let none = Readout<Double>(weight: Matrix(rows: 1, columns: width), bias: [0])
    return Network(recurrent: model, readout: head.libraryLoss(Double.self).readout ?? none)
  }

  @inlinable
  public func pass<Cell: RecurrentCell<Double>>(
    _ type: Cell.Type, tapeBudget: Int = 1 << 28
  ) -> NetworkPass<Cell> {
    let pass = NetworkPass<Cell>(tapeBudget: tapeBudget)
    pass.run(
      network,
      on: NetworkInputs(
        shape: BatchShape(steps: head.sizes.steps, batch: head.sizes.batch), inputs: .dense(inputs),
        initialState: NetworkState(layers: initialStates)))
    return pass
  }
}
