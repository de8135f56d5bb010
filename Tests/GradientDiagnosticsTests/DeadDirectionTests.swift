import Foundation
import GradientFlow
import Testing

@Suite("Directions that die") struct DeadDirectionTests {
  /// Two ReLU units that are off at the steps of `off` and on at all others.
  private static func pass(steps: Int, off: Set<Int>) -> SequencePass<ReLUCell<Double>> {
    let parameters = RecurrentParameters<Double>(
      weightIH: Matrix(rows: 2, columns: 1, values: [1, 1]),
      weightHH: Matrix(rows: 2, columns: 2, values: [0.5, 0.1, 0.2, 0.4]), biasIH: [0, 0], biasHH: [0, 0])
    return SequencePass(
      cell: ReLUCell(parameters: parameters),
      shape: SequenceShape(steps: steps, batch: 1, inputSize: 1, hiddenSize: 2),
      inputs: (1...steps).map { off.contains($0) ? -10 : 1 })
  }

  private static var stream: RandomStream {
    RandomStream(rootSeed: 3, trialSeed: 1, purpose: .tangentVectors)
  }

  /// What has died does not come back: all three ways to an exponent say −∞, whether the step lies inside the transient
  /// or after it.
  @Test(arguments: [1, 2, 9, 20])
  func areMinusInfinityWheneverTheyDied(_ step: Int) {
    var pass = Self.pass(steps: 20, off: [step])
    var (first, second) = (Self.stream, Self.stream)
    let spectrum = pass.lyapunovSpectrum(count: 2, transient: 2, start: .random(Self.stream))
    #expect(spectrum.exponents == [-.infinity, -.infinity])
    #expect(spectrum.standardErrors.allSatisfy { $0.isNaN })
    #expect(pass.leadingExponent(elements: 1, transient: 2, stream: &first).mean == -.infinity)
    #expect(pass.separationExponent(transient: 2, stream: &second) == -.infinity)
  }

  @Test func ofWhichNoneDiedAreFinite() {
    var pass = Self.pass(steps: 20, off: [])
    let spectrum = pass.lyapunovSpectrum(count: 2, transient: 2, start: .random(Self.stream))
    #expect(spectrum.exponents.allSatisfy { $0.isFinite })
  }
}
