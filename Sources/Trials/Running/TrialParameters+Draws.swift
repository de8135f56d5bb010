import GradientFlow
import Specification

/// What a trial draws by its seed.
extension TrialParameters {
  /// Its stream for a purpose.
  func stream(_ purpose: RandomPurpose) -> RandomStream {
    RandomStream(rootSeed: rootSeed, trialSeed: seed, purpose: purpose)
  }

  /// W_o ~ N(0, s²), b_o = 0.
  ///
  /// - Parameter deviation: s; nil: 1/√H.
  func readout<Element: Scalar>(_ outputs: Int, deviation: Double? = nil) -> Readout<Element> {
    var stream = stream(.readout)
    let weight = stream.normals(
      outputs * hiddenSize, standardDeviation: deviation ?? 1 / Double(hiddenSize).squareRoot())
    return Readout(
      weight: Matrix(rows: outputs, columns: hiddenSize, values: Element.array(weight)),
      bias: Array(repeating: 0, count: outputs))
  }

  /// B sequences of T steps with I inputs each.
  func shape(inputSize: Int) -> SequenceShape {
    SequenceShape(steps: sequenceLength, batch: batchSize, inputSize: inputSize, hiddenSize: hiddenSize)
  }
}
