import Foundation
import LinearAlgebra
import RecurrentCells

/// Sequences of different lengths under one cell and one loss: packed in one batch, or each alone.
///
/// A loss that is a mean is Σ_b share(b) · (that of sequence b alone).
public struct PackedBatch: Sendable, CustomStringConvertible {
  public enum Loss: String, Sendable, CaseIterable {
    case finalDot, finalClass, everyClass, someClasses, finalSquare, everySquare
  }

  public let kind: CellKind
  public let loss: Loss
  /// T_b, longest first.
  public let lengths: [Int]
  public let inputSize, hiddenSize: Int
  public var parameters: RecurrentParameters<Double>
  public let readout: Readout<Double>
  /// By sequence: x [T_b, I], h_0 and c_0 [H], classes [T_b], targets [T_b, O].
  public var inputs, hidden, cell, targets: [[Double]]
  public var classes: [[Int]]
  public let direction: [Double]
  private let hasInitialState: Bool

  public var description: String { "\(kind.rawValue) \(loss.rawValue) \(lengths)" }

  /// - Parameter weightScale: standard deviation of the weights, times √H.
  public init(
    _ kind: CellKind, _ loss: Loss, lengths: [Int], inputSize: Int = 3, hiddenSize: Int = 5, seed: UInt64 = 1,
    weightScale: Double = 0.9, hasInitialState: Bool = true, ignoring: Bool = true
  ) {
    var stream = RandomStream(rootSeed: 7, trialSeed: seed, purpose: .other(1))
    let (rows, outputs) = (kind.gates.count * hiddenSize, 3)
    let scale = weightScale / Double(hiddenSize).squareRoot()
    func numbers(_ count: Int, _ scale: Double = 1) -> [Double] { stream.normals(count).map { $0 * scale } }
    (self.kind, self.loss, self.lengths) = (kind, loss, lengths)
    (self.inputSize, self.hiddenSize, self.hasInitialState) = (inputSize, hiddenSize, hasInitialState)
    parameters = RecurrentParameters(
      weightIH: Matrix(rows: rows, columns: inputSize, values: numbers(rows * inputSize, 0.5)),
      weightHH: Matrix(rows: rows, columns: hiddenSize, values: numbers(rows * hiddenSize, scale)),
      biasIH: numbers(rows, 0.3), biasHH: numbers(rows, 0.3))
    readout = Readout(
      weight: Matrix(rows: outputs, columns: hiddenSize, values: numbers(outputs * hiddenSize)),
      bias: numbers(outputs))
    direction = numbers(hiddenSize)
    inputs = lengths.map { numbers($0 * inputSize) }
    hidden = lengths.map { _ in hasInitialState ? numbers(hiddenSize, 0.7) : [] }
    cell = hidden.map { $0.map { -0.6 * $0 } }
    targets = lengths.map { numbers($0 * outputs) }
    classes = lengths.map { length in
      numbers(length).enumerated().map { t, x in
        // Never the last one, which a loss at the final step reads.
        ignoring && x > 0.8 && t < length - 1 ? ignoredClass : Int(x.magnitude * 10) % outputs
      }
    }
  }

  public var batch: Int { lengths.count }
  /// That of the batch, or of one sequence.
  public func shape(alone b: Int? = nil) -> SequenceShape {
    SequenceShape(
      steps: lengths[b ?? 0], batch: b == nil ? batch : 1, inputSize: inputSize, hiddenSize: hiddenSize,
      lengths: b == nil ? SequenceLengths(lengths) : nil)
  }

  /// Rows of all sequences in the order of the batch.
  public func packed<Number>(_ rows: [[Number]], width: Int) -> [Number] {
    let shape = shape()
    return (1...shape.steps).flatMap { t in
      (0..<shape.count(at: t)).flatMap { b in
        let first = (t - shape.start(of: b) - 1) * width
        return rows[b][first..<first + width]
      }
    }
  }

  /// Rows of sequence b out of packed ones.
  public func unpacked<Number>(_ rows: [Number], width: Int, of b: Int) -> [Number] {
    let shape = shape()
    return (shape.start(of: b) + 1...shape.steps).flatMap { t in
      let first = (shape.firstRow(of: t) + b) * width
      return rows[first..<first + width]
    }
  }

  /// The forward pass of the batch, or of one sequence.
  public func pass<Cell: RecurrentCell>(
    _ type: Cell.Type, alone b: Int? = nil, tapeBudget: Int = 1 << 28
  ) -> SequencePass<Cell> {
    let own = b.map { [$0] } ?? Array(lengths.indices)
    let initial =
      hasInitialState
      ? InitialState(
        hidden: Cell.Element.array(own.flatMap { hidden[$0] }),
        cell: Cell.carriesCellState ? Cell.Element.array(own.flatMap { cell[$0] }) : nil) : nil
    return SequencePass(
      cell: Cell(parameters: parameters.converted(to: Cell.Element.self)), shape: shape(alone: b),
      inputs: Cell.Element.array(b.map { inputs[$0] } ?? packed(inputs, width: inputSize)),
      initialState: initial, tapeBudget: tapeBudget)
  }

  /// The steps that ``Loss/someClasses`` reads: counted from the end of the batch, or of one sequence.
  private func someSteps(_ steps: Int) -> Set<Int> { Set([steps, steps - 2, steps - 3].filter { $0 >= 1 }) }

  /// The loss of the batch, or of one sequence.
  public func loss<Element: Scalar>(_: Element.Type, alone b: Int? = nil) -> any SequenceLoss<Element> {
    let readout = readout.converted(to: Element.self)
    let final = b.map { [$0] } ?? Array(lengths.indices)
    func classes(_ placement: LossPlacement) -> any SequenceLoss<Element> {
      let all = b.map { self.classes[$0] } ?? packed(self.classes, width: 1)
      return CrossEntropyLoss(
        classes: placement == .finalStep ? final.map { self.classes[$0][lengths[$0] - 1] } : all,
        readout: readout, placement: placement)
    }
    let width = readout.outputSize
    func squares(_ placement: LossPlacement) -> any SequenceLoss<Element> {
      let all = b.map { targets[$0] } ?? packed(targets, width: width)
      return MeanSquaredErrorLoss(
        targets: Element.array(
          placement == .finalStep ? final.flatMap { targets[$0].suffix(width) } : all),
        readout: readout, placement: placement)
    }
    switch loss {
    case .finalDot: return FinalDotLoss(direction: Element.array(direction))
    case .finalClass: return classes(.finalStep)
    case .everyClass: return classes(.everyStep)
    case .someClasses: return classes(.steps(someSteps(shape(alone: b).steps)))
    case .finalSquare: return squares(.finalStep)
    case .everySquare: return squares(.everyStep)
    }
  }

  /// How many rows of a sequence count in the loss.
  private func counted(_ b: Int) -> Int {
    switch loss {
    case .finalDot, .finalClass, .finalSquare: return 1
    case .everyClass: return classes[b].count { $0 != ignoredClass }
    case .someClasses: return someSteps(lengths[b]).count { classes[b][$0 - 1] != ignoredClass }
    case .everySquare: return lengths[b]
    }
  }

  /// What the loss of a sequence alone counts in that of the batch.
  public func share(of b: Int) -> Double {
    if loss == .finalDot { return 1 }
    return Double(counted(b)) / Double(lengths.indices.reduce(0) { $0 + counted($1) })
  }
}
