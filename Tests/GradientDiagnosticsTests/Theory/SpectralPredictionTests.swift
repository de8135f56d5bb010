import Foundation
import GradientFlow
import Testing

@Suite("Predictions from the spectrum")
struct SpectralPredictionTests {
  @Test func boundAndPredictionAreOfThePlainRNN() throws {
    for cell in [CellKind.rnn, .rnnRelu, .rnnLinear] {
      let activation = try #require(Activation(cell))
      #expect(activation.pascanuBound(largestSingularValue: 1.74) == log10(1.74))
      #expect(activation.linearPrediction(spectralRadius: 0.9) == log10(0.9))
      #expect(activation.linearPrediction(spectralRadius: 0) == -.infinity)
    }
    for cell in [CellKind.lstm, .gru] {
      #expect(MeanFieldBand(cell: cell, spectralRadius: 1, hiddenSize: 64, inputScale: 1) == nil)
      #expect(Activation(cell) == nil)
    }
  }

  /// Known from 8,000 matrices of another program to 0.0006.
  @Test func theRadiusOfSixtyFourUnitsIsThatOfAnotherProgram() {
    #expect((GaussianSpectralRadius.mean(size: 64) - 1.0569).magnitude < 2 * 0.0006)
  }

  // Drawn again: 300 matrices of 24 units scatter by 0.09, so that their mean is known to 0.005; and at N = 1 the
  // mean is that of |z|.
  @Test func radiiOfGaussianMatrices() throws {
    var sum = 0.0
    for seed in 0..<300 {
      var stream = RandomStream(rootSeed: 5, trialSeed: UInt64(seed), purpose: .hiddenWeights(block: 0))
      sum += try Initializer.gaussian.draw(size: 24, from: &stream).spectralRadius()
    }
    let difference = sum / 300 - GaussianSpectralRadius.mean(size: 24)
    #expect(difference.magnitude < 0.02)
    #expect(GaussianSpectralRadius.mean(size: 1) == (2 / Double.pi).squareRoot())
    #expect(GaussianSpectralRadius.mean(size: 128) == 1.0475)
    // Half way in the logarithm.
    #expect((GaussianSpectralRadius.mean(size: 724) - (1.0290 + 1.0229) / 2).magnitude < 1e-5)
    #expect((GaussianSpectralRadius.mean(size: 4096) - 1.01145).magnitude < 1e-12)
    #expect(GaussianSpectralRadius.mean(size: .max) - 1 < 1e-8)
  }

  @Test func bandsLieBetweenTheirTwoWeights() throws {
    let band = try #require(
      MeanFieldBand(cell: .rnn, spectralRadius: 0.9, hiddenSize: 128, inputScale: 0.5))
    func slope(_ weight: Double) -> Double {
      MeanField(activation: .tanh, recurrentScale: weight, inputScale: 0.5).decadesPerStep
    }
    #expect(band.upper == slope(0.9) && band.lower == slope(0.9 / 1.0475))
    let uniform = MeanFieldBand(
      cell: .rnn, spectralRadius: 0.9, hiddenSize: 128, inputScale: 0.5, initializer: .uniform)
    #expect(uniform == band)
    let orthogonal = try #require(
      MeanFieldBand(
        cell: .rnn, spectralRadius: 0.9, hiddenSize: 128, inputScale: 0.5, initializer: .orthogonal))
    #expect(orthogonal.lower == band.upper && orthogonal.upper == band.upper)
    #expect(
      MeanFieldBand(
        cell: .rnnLinear, spectralRadius: 1, hiddenSize: 8, inputScale: 1, initializer: .identity) == nil)
    // A matrix of 2 has a radius below 1: the two ends change places.
    let small = try #require(
      MeanFieldBand(cell: .rnnLinear, spectralRadius: 1, hiddenSize: 2, inputScale: 1))
    #expect(small.lower == 0 && small.upper == log10(1 / 0.9317))
    let zero = try #require(MeanFieldBand(cell: .rnn, spectralRadius: 0, hiddenSize: 9, inputScale: 1))
    #expect(zero.lower == -.infinity && zero.upper == -.infinity)
  }
}
