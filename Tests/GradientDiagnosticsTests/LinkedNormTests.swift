import Foundation
import GradientFlow
import TestSupport
import Testing

/// What compares the norms of two lags compares the same sequences.
@Suite("Changes of norms within sequences of different lengths")
struct LinkedNormTests {
  /// A linear network with an orthogonal W_hh passes every gradient on unchanged.
  private static func conserving(_ loss: PackedBatch.Loss, _ lengths: [Int], _ seed: UInt64) throws
    -> PackedBatch
  {
    var batch = PackedBatch(.rnnLinear, loss, lengths: lengths, hiddenSize: 6, seed: seed)
    var stream = RandomStream(rootSeed: 3, trialSeed: seed, purpose: .other(2))
    batch.parameters.weightHH = try Initializer.orthogonal.draw(size: 6, from: &stream)
    return batch
  }

  private static func diagnosis(of batch: PackedBatch, alone b: Int? = nil) -> StepGradients {
    func diagnose<Cell: RecurrentCell>(_ type: Cell.Type) -> StepGradients where Cell.Element == Double {
      var pass = batch.pass(type, alone: b)
      return pass.diagnose(loss: batch.loss(Double.self, alone: b)).steps
    }
    return diagnose(batch.kind.type(for: Double.self))
  }

  static let ranges = [
    [50, 47, 31, 30, 30, 22, 9, 4, 2], [12, 11, 11, 11, 1], [40, 1, 1, 1], [7, 6], [30, 30, 30, 5],
    [3, 3, 3],
  ]

  // Log10 norms are of order 1 and rounded to 2e-16 at each of up to 50 steps.
  @Test(arguments: [PackedBatch.Loss.finalDot, .finalClass, .finalSquare], ranges)
  func aNetworkThatConservesEveryGradientHasARateOfZero(_ loss: PackedBatch.Loss, _ lengths: [Int]) throws {
    for seed: UInt64 in 1...4 {
      let steps = Self.diagnosis(of: try Self.conserving(loss, lengths, seed))
      let start = try #require(steps.linkedHiddenMean.last)
      #expect(start == steps.hiddenMean.last)
      #expect(steps.linkedHiddenMean.allSatisfy { ($0 - start).magnitude < 1e-13 })
      let decay = try #require(steps.decayRate)
      #expect(decay.rate.magnitude < 1e-14 && decay.count == lengths[0])
      #expect(steps.log10RatioFirstLast.magnitude < 1e-13)
      let horizon = try #require(GradientHorizon(log10Norms: steps.linkedHiddenMean.dropFirst().reversed()))
      #expect(horizon.half == nil && horizon.shareAbove1e20 == 1)
    }
  }

  // What a mean over whoever has the lag would say of the same network.
  @Test func levelsOfSequencesDifferThoughNoneChanges() throws {
    let steps = Self.diagnosis(of: try Self.conserving(.finalSquare, Self.ranges[0], 1))
    let plain = try #require(DecayRate(log10Norms: steps.hiddenMean.dropFirst().reversed()))
    #expect(plain.rate.magnitude > 1e-3)
  }

  // Of each sequence alone, its own norms; differences by hand.
  @Test(arguments: CellKind.allCases, [PackedBatch.Loss.finalDot, .finalSquare])
  func changesAreMeansOfThoseOfTheSequencesAlone(_ kind: CellKind, _ loss: PackedBatch.Loss) {
    // Rectified units of so small a network die out, and then there is no change.
    guard kind != .rnnRelu else { return }
    let batch = PackedBatch(kind, loss, lengths: [9, 7, 7, 4, 1], seed: 8)
    let steps = Self.diagnosis(of: batch)
    let alone = batch.lengths.indices.map { Self.diagnosis(of: batch, alone: $0) }
    func agrees(_ linked: [Double], _ series: (StepGradients) -> [Double]) -> String? {
      // By lag, of each sequence.
      let norms = alone.map { Array(series($0).reversed()) }
      var expected = [linked[9]]
      for lag in 1...9 {
        let own = batch.lengths.indices.filter { batch.lengths[$0] > min(lag, 8) }
        let change = own.map { norms[$0][lag] - norms[$0][lag - 1] }.reduce(0, +) / Double(own.count)
        expected.append(expected[lag - 1] + change)
      }
      return difference(linked.reversed(), expected, absolute: 1e-12)
    }
    #expect(agrees(steps.linkedHiddenMean, \.hidden) == nil)
    #expect(steps.linkedHiddenMean[9] == steps.hiddenMean[9])
    if !steps.cell.isEmpty { #expect(agrees(steps.linkedCellMean, \.cell) == nil) }
    #expect((steps.log10RatioFirstLast - alone[0].log10RatioFirstLast).magnitude < 1e-12)
  }

  @Test(arguments: CellKind.allCases) func equalLengthsAreThePlainMeanToTheBit(_ kind: CellKind) {
    let steps = Self.diagnosis(of: PackedBatch(kind, .everyClass, lengths: [6, 6, 6]))
    #expect(steps.linkedHiddenMean.map(\.bitPattern) == steps.hiddenMean.map(\.bitPattern))
    #expect(steps.linkedCellMean.map(\.bitPattern) == steps.cellMean.map(\.bitPattern))
    #expect(steps.log10RatioFirstLast == steps.hidden[1] - steps.hidden[6])
  }

  // MARK: - Zeros

  private static let zero = -Double.infinity

  /// Norms by t = 0…T of sequences that end at T, NaN before their own first states.
  private static func linked(_ rows: [[Double]], _ lengths: [Int]) -> [Double] {
    let shape = SequenceShape(
      steps: lengths[0], batch: lengths.count, inputSize: 1, hiddenSize: 1, lengths: SequenceLengths(lengths))
    return SequenceNorms(rows.flatMap(\.self), shape).linkedMeans
  }

  @Test func aSequenceOfZerosIsLeftOutOfChangesAndItsLagsOfTheLine() {
    let nan = Double.nan
    // Lengths 4 and 2; the short one is zero at t = 3 = T − 1.
    let found = Self.linked([[-8, nan], [-7, nan], [-5, Self.zero], [-3, Self.zero], [-1, -3]], [4, 2])
    #expect(found == [-9, -8, -6, Self.zero, -2])
    // All are zero at the end: from where they are not, on.
    let late = Self.linked([[-8, nan], [-7, nan], [-5, -1], [-3, -1], [Self.zero, Self.zero]], [4, 2])
    #expect(late == [-7, -6, -4, -2, Self.zero])
    // Nobody is left.
    let gone = Self.linked([[-8, nan], [Self.zero, nan], [Self.zero, 0], [-1, 0], [-1, 0]], [4, 2])
    #expect(gone == [-8, Self.zero, Self.zero, -0.5, -0.5])
  }

  // log10 √(10² + 10²) is 1.15: norms of ten at both ends.
  @Test func ratiosAreOverTheSequencesThatHaveTheStep() throws {
    let nan = Double.nan
    let shape = SequenceShape(
      steps: 3, batch: 3, inputSize: 1, hiddenSize: 1, lengths: SequenceLengths([3, 3, 1]))
    let norms = SequenceNorms([-2, -2, nan, -1, -1, nan, 0, 0, 40, 1, 1, Self.zero], shape)
    let ratios = (0...3).map { norms.log10Ratio(at: $0) }
    #expect(difference(ratios, [-3, -2, -1, 0], absolute: 1e-14) == nil)
  }
}
