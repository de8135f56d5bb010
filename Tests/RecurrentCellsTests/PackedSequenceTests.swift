import Foundation
import GradientFlow
import TestSupport
import Testing

/// Sequences of different lengths in one batch are what each of them is alone, from its own start.
@Suite("Sequences of different lengths")
struct PackedSequenceTests {
  static let cases = CellKind.allCases.flatMap { kind in
    PackedBatch.Loss.allCases.flatMap { loss in
      [
        PackedBatch(kind, loss, lengths: [9, 7, 7, 4, 1]),
        PackedBatch(kind, loss, lengths: [6, 1, 1], hiddenSize: 8, seed: 2, hasInitialState: false),
        PackedBatch(kind, loss, lengths: [4, 4, 3], inputSize: 1, hiddenSize: 2, seed: 3),
      ]
    }
  }

  @Test(arguments: cases)
  func equalEachAlone(_ batch: PackedBatch) {
    #expect(batch.differenceToEachAlone() == nil)
  }

  // A segment of the tape then holds 65,536 preactivations; several are needed.
  @Test(arguments: CellKind.allCases)
  func equalEachAloneWithCheckpoints(_ kind: CellKind) {
    let lengths = [90, 88, 61, 40, 40, 12, 3, 1]
    let hidden = kind.gates.count == 1 ? 500 : 150
    let batch = PackedBatch(
      kind, .everyClass, lengths: lengths, inputSize: 2, hiddenSize: hidden, seed: 4, weightScale: 0.7)
    #expect(batch.differenceToEachAlone(tapeBudget: 1, leastSegments: 2) == nil)
  }

  @Test(arguments: CellKind.allCases)
  func equalEachAloneUnderAClip(_ kind: CellKind) {
    for loss in [PackedBatch.Loss.finalDot, .everyClass] {
      let batch = PackedBatch(kind, loss, lengths: [9, 7, 7, 4, 1], seed: 5)
      #expect(batch.differenceToEachAlone(clip: 0.02) == nil)
    }
  }

  // Preactivations of some hundreds: derivatives down to 10^-300 and below, in components that lie far apart.
  @Test(arguments: [CellKind.rnn, .lstm, .gru])
  func equalEachAloneWhereUnitsAreSaturated(_ kind: CellKind) {
    var batch = PackedBatch(kind, .everyClass, lengths: [8, 6, 3, 3, 1], seed: 6, weightScale: 2)
    for k in stride(from: 0, to: batch.parameters.biasIH.count, by: 2) { batch.parameters.biasIH[k] = 400 }
    #expect(batch.differenceToEachAlone(least: 1e-305) == nil)
    // Units whose saturation 1 − |h| has to be carried along.
    batch.parameters.biasIH = batch.parameters.biasIH.map { $0 == 400 ? 25 : $0 }
    #expect(batch.differenceToEachAlone() == nil)
  }

  // W_hh diagonal: components up to 1,000 decades apart, so that each has an exponent of its own.
  @Test(arguments: CellKind.allCases, [PackedBatch.Loss.finalDot, .everySquare])
  func equalEachAloneWhereComponentsLieFarApart(_ kind: CellKind, _ loss: PackedBatch.Loss) {
    var batch = PackedBatch(kind, loss, lengths: [9, 8, 8, 3, 1], hiddenSize: 4, seed: 7)
    let scales = [0.9, 1e-40, 1e-120, 1e-3]
    for row in 0..<batch.parameters.weightHH.rows {
      for column in 0..<4 {
        batch.parameters.weightHH.values[row * 4 + column] = row % 4 == column ? scales[column] : 0
      }
    }
    // A GRU and an LSTM keep their states otherwise.
    if kind == .gru { for k in 4..<8 { batch.parameters.biasIH[k] = -300 } }
    if kind == .lstm { for k in 4..<8 { batch.parameters.biasIH[k] = -250 } }
    #expect(batch.differenceToEachAlone(least: 1e-305) == nil)
  }

  @Test func equalLengthsAreAsIfNothingHadBeenSaid() {
    let lengths = SequenceLengths([5, 5, 5])
    let shape = SequenceShape(steps: 5, batch: 3, inputSize: 2, hiddenSize: 4, lengths: lengths)
    #expect(shape == SequenceShape(steps: 5, batch: 3, inputSize: 2, hiddenSize: 4))
    #expect(lengths.rowCount == 15)
  }

  @Test func rowsAndStatesStandWhereLengthsSay() {
    let shape = SequenceShape(
      steps: 4, batch: 3, inputSize: 1, hiddenSize: 1, lengths: SequenceLengths([4, 3, 2]))
    #expect((1...4).map { shape.count(at: $0) } == [1, 2, 3, 3])
    #expect((0...4).map { shape.states(at: $0) } == [1, 2, 3, 3, 3])
    #expect((1...5).map { shape.firstRow(of: $0) } == [0, 1, 3, 6, 9])
    #expect((0..<3).map { shape.start(of: $0) } == [0, 1, 2])
    #expect(shape.rowCount == 9)
  }

  // Products are counted by the rows that they are told of.
  @Test func memoryAndSegmentsFollowRealRows() {
    let lengths = SequenceLengths([1_000] + Array(repeating: 10, count: 63))
    let shape = SequenceShape(steps: 1_000, batch: 64, inputSize: 1, hiddenSize: 64, lengths: lengths)
    #expect(shape.rowCount == 1_630)
    let padded = SequenceShape(steps: 1_000, batch: 64, inputSize: 1, hiddenSize: 64)
    func plan(_ shape: SequenceShape) -> SegmentPlan {
      SequencePass(
        cell: TanhCell<Float>(
          parameters: RecurrentParameters(
            weightIH: Matrix(rows: 64, columns: 1), weightHH: Matrix(rows: 64, columns: 64),
            biasIH: Array(repeating: 0, count: 64), biasHH: Array(repeating: 0, count: 64))),
        shape: shape, inputs: Array(repeating: 0, count: shape.inputCount), tapeBudget: 4_000_000
      ).plan
    }
    #expect(plan(padded).checkpoints && !plan(shape).checkpoints)
  }
}

@Suite("Ignored classes")
struct IgnoredClassTests {
  @Test func aBatchWithoutClassesHasNoLoss() {
    var batch = PackedBatch(.lstm, .everyClass, lengths: [5, 2])
    batch.classes = batch.classes.map { $0.map { _ in ignoredClass } }
    var pass = batch.pass(LSTMCell<Double>.self)
    let result = pass.backward(loss: batch.loss(Double.self))
    #expect(result.loss == 0)
    #expect(result.gradients.globalNorm.isZero)
  }

  // The same as a loss whose readers are the other rows alone.
  @Test func ignoredStepsAreNotRead() {
    var batch = PackedBatch(.gru, .everyClass, lengths: [6, 6], ignoring: false)
    for b in 0..<2 { for t in [0, 3, 4] { batch.classes[b][t] = ignoredClass } }
    var pass = batch.pass(GRUCell<Double>.self)
    let ignoring = pass.backward(loss: batch.loss(Double.self))
    let classes = batch.packed(batch.classes, width: 1).map { max(0, $0) }
    let choosing = pass.backward(
      loss: CrossEntropyLoss(classes: classes, readout: batch.readout, placement: .steps([2, 3, 6])))
    #expect((ignoring.loss - choosing.loss).magnitude < 1e-15)
    for (mine, other) in zip(ignoring.gradients.named, choosing.gradients.named) {
      #expect(
        difference(mine.gradient.doubles, other.gradient.doubles, relative: 1e-12, absolute: 1e-16) == nil)
    }
  }
}
