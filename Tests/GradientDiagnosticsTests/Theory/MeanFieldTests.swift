import Foundation
import GradientFlow
import Testing

@Suite("Mean field of the plain RNN")
struct MeanFieldTests {
  /// E f(z) by 200,001 equidistant nodes, which no width of f within reach here escapes.
  private func average(_ f: (Double) -> Double) -> Double {
    let step = 1e-4
    return (-100_000...100_000).reduce(0.0) {
      let z = Double($1) * step
      return $0 + f(z) * exp(-z * z / 2)
    } * step / (2 * Double.pi).squareRoot()
  }

  @Test(arguments: [1e-8, 0.04, 0.9, 1.1, 6.3, 40, 1e4])
  func averagesEqualThoseOfManyNodes(variance: Double) {
    let deviation = variance.squareRoot()
    let square = average { pow(tanh(deviation * $0), 2) }
    let slope = average { pow(cosh(deviation * $0), -4) }
    // 2·10⁵ roundings, of which about their root remains; the integrand is sampled 100 times within its width of
    // 1/100.
    #expect((Activation.tanh.meanSquare(variance: variance) / square - 1).magnitude < 1e-12)
    #expect((Activation.tanh.meanSquaredSlope(variance: variance) / slope - 1).magnitude < 1e-12)
  }

  @Test func limitsOfTheAverages() {
    #expect(
      Activation.tanh.meanSquaredSlope(variance: 0) == 1 && Activation.tanh.meanSquare(variance: 0) == 0)
    // ∫ sech⁴ = 4/3, ∫ sech² = 2: for wide Gaussians both averages are their value at 0 times these.
    let density = 1 / (2 * Double.pi * 1e12).squareRoot()
    #expect(
      (Activation.tanh.meanSquaredSlope(variance: 1e12) / (density * 4 / 3) - 1).magnitude < 1e-12)
    #expect((Activation.tanh.meanSquare(variance: 1e12) - (1 - 2 * density)).magnitude < 1e-15)
    // E tanh² = q − 2q² + …
    #expect((Activation.tanh.meanSquare(variance: 1e-7) / (1e-7 - 2e-14) - 1).magnitude < 1e-12)
  }

  /// Rows of a table are right to the digits that are printed.
  private func isPrinted(_ value: Double, _ printed: Double, digits: Int) -> Bool {
    (value - printed).magnitude <= 0.501 * pow(10, -Double(digits))
  }

  @Test(
    arguments: [
      (0.5, 0.5, 0, 0.2992, 0.1716, -0.3828), (0.9, 0.5, 0.1, 0.4750, 0.4876, -0.1560),
      (1, 1, 0, 1.4639, 0.3989, -0.1996), (1.3, 0.5, 0.1, 0.8911, 0.8199, -0.0431),
      (1.5, 1, 0, 2.2093, 0.7530, -0.0616), (2, 0.3, 0, 2.2538, 1.3271, 0.0614),
    ] as [(Double, Double, Double, Double, Double, Double)])
  func drivenNetworks(
    weight: Double, input: Double, bias: Double, variance: Double, factor: Double, decades: Double
  ) {
    let theory = MeanField(
      activation: .tanh, recurrentScale: weight, inputScale: input, biasScale: bias)
    #expect(isPrinted(theory.preactivationVariance, variance, digits: 4))
    #expect(isPrinted(theory.gradientFactor, factor, digits: 4))
    #expect(isPrinted(theory.decadesPerStep, decades, digits: 4))
  }

  @Test(
    arguments: [
      (1.2, 0.2495, 0.01648), (1.5, 0.7934, 0.06522), (2, 2.1215, 0.15472), (3, 6.3054, 0.31025),
    ] as [(Double, Double, Double)])
  func autonomousNetworks(gain: Double, variance: Double, exponent: Double) {
    let theory = MeanField(activation: .tanh, recurrentScale: gain, inputScale: 0)
    #expect(isPrinted(theory.preactivationVariance, variance, digits: 4))
    #expect(isPrinted(theory.decadesPerStep * log(10), exponent, digits: 5))
  }

  @Test func theTransitionOfAnAutonomousNetwork() {
    for gain in [0, 1e-200, 0.5, 1] {
      let theory = MeanField(activation: .tanh, recurrentScale: gain, inputScale: 0)
      #expect(theory.preactivationVariance == 0 && theory.gradientFactor == gain * gain)
    }
    // λ = ⅔ (g − 1)²; the next order is (g − 1)³.
    let above = MeanField(activation: .tanh, recurrentScale: 1.001, inputScale: 0)
    #expect((above.decadesPerStep * log(10) / (2e-6 / 3) - 1).magnitude < 5e-3)
    let closest = MeanField(activation: .tanh, recurrentScale: 1 + 1e-9, inputScale: 0)
    #expect(closest.preactivationVariance > 0 && closest.preactivationVariance < 1e-8)
  }

  @Test func theVarianceIsAFixedPoint() {
    for (weight, input, bias) in [(0.3, 2, 0), (1, 1e-3, 0), (5, 0.1, 0.7), (100, 30, 0)]
      as [(Double, Double, Double)]
    {
      let theory = MeanField(
        activation: .tanh, recurrentScale: weight, inputScale: input, biasScale: bias)
      let q = theory.preactivationVariance
      let next = weight * weight * Activation.tanh.meanSquare(variance: q) + input * input + bias * bias
      #expect((next / q - 1).magnitude < 1e-12)
    }
  }

  @Test func linearAndReLUNetworksHaveClosedForms() {
    let linear = MeanField(activation: .linear, recurrentScale: 0.6, inputScale: 2, biasScale: 1)
    #expect(linear.preactivationVariance == 5 / (1 - 0.36) && linear.decadesPerStep == log10(0.6))
    let relu = MeanField(activation: .relu, recurrentScale: 1, inputScale: 1)
    #expect(relu.preactivationVariance == 2 && relu.gradientFactor == 0.5)
    #expect(isPrinted(relu.decadesPerStep, -0.1505, digits: 4))
    let diverging = MeanField(activation: .relu, recurrentScale: 3, inputScale: 1)
    #expect(diverging.preactivationVariance == .infinity)
    #expect((diverging.gradientFactor - 4.5).magnitude < 1e-15)
    #expect(MeanField(activation: .linear, recurrentScale: 1, inputScale: 0).preactivationVariance == 0)
    #expect(
      MeanField(activation: .linear, recurrentScale: 1, inputScale: 1).preactivationVariance == .infinity)
    #expect(MeanField(activation: .linear, recurrentScale: 0, inputScale: 1).decadesPerStep == -.infinity)
    let large = MeanField(activation: .linear, recurrentScale: 1e100, inputScale: 1e100)
    #expect(large.decadesPerStep == 100)
  }

  @Test func theCriticalLine() {
    #expect(MeanField.criticalWeight(inputScale: 0) == 1)
    // Simulated networks of 128 units, whose W_hh was rescaled to a spectral radius, change sign at these radii.
    for (input, radius) in [(0.5, 1.622), (1, 1.952)] {
      let weight = MeanField.criticalWeight(inputScale: input)
      #expect((weight * GaussianSpectralRadius.mean(size: 128) - radius).magnitude < 0.02)
    }
    var last = 1.0
    for input in [1e-100, 1e-6, 0.01, 0.1, 0.5, 1, 3, 1e3, 1e6] {
      let weight = MeanField.criticalWeight(inputScale: input)
      let theory = MeanField(activation: .tanh, recurrentScale: weight, inputScale: input)
      #expect((theory.gradientFactor - 1).magnitude < 1e-12 && weight >= last, "s = \(input)")
      last = weight
    }
    #expect(
      MeanField.criticalWeight(inputScale: 0.3, biasScale: 0.4)
        == MeanField.criticalWeight(inputScale: 0.5))
  }
}
