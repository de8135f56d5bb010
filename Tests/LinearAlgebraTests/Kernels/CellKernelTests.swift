import Foundation
import LinearAlgebra
import RecurrentCells
import TestSupport
import Testing

/// The fused steps of LSTM and GRU against their equations, element by element in double precision.
@Suite("Cell kernels against their equations")
struct CellKernelTests {
  // Every factor is a product of at most three activations, each within 3 ulp of Float or 5 of Double, and three more
  // roundings: 12 and 18 ulp; states add two products, which may cancel.
  static func tolerance<Element: Scalar>(_: Element.Type) -> (relative: Double, absolute: Double) {
    (20 * Double(Element.ulpOfOne), 8 * Double(Element.ulpOfOne))
  }

  private static func sigmoid(_ a: Double) -> Double { 1 / (1 + exp(-a)) }
  private static func sigmoidSlope(_ a: Double) -> Double {
    let e = exp(-a.magnitude)
    return e / ((1 + e) * (1 + e))
  }
  private static func tanhSlope(_ a: Double) -> Double {
    let e = exp(-2 * a.magnitude)
    return 4 * e / ((1 + e) * (1 + e))
  }

  @Test(arguments: KernelCase.all) func lstm(_ item: KernelCase) {
    lstm(item, Float.self)
    lstm(item, Double.self)
  }

  private func lstm<Element: Scalar>(_ item: KernelCase, _ type: Element.Type) {
    let (batch, hidden) = (3, item.size)
    let n = batch * hidden
    let a = item.normals(4 * n, 1, type, deviation: 3)
    let before = item.normals(n, 2, type)
    var (c, h) = ([Element](repeating: 9, count: n), [Element](repeating: 9, count: n))
    var factors = [Element](repeating: 9, count: 6 * n)
    let delta = item.normals(n, 3, type)
    let arriving = item.normals(n, 4, type)
    var carry = h
    var (kappa, gamma) = (h, [Element](repeating: 9, count: 4 * n))
    withKernels(item.kernels) {
      Element.lstmForward(
        batch: batch, hidden: hidden, a: a, previousCell: before, cell: &c, h: &h, factors: &factors)
      Element.lstmBackward(
        batch: batch, hidden: hidden, delta: delta, factors: factors, carry: arriving,
        nextCarry: &carry, kappa: &kappa, gamma: &gamma)
    }
    var expected: [[Double]] = Array(repeating: [], count: 5)
    var expectedFactors = [Double](repeating: 0, count: 6 * n)
    var expectedGamma = [Double](repeating: 0, count: 4 * n)
    for b in 0..<batch {
      for k in 0..<hidden {
        let at = (0..<4).map { Double(a[(b * 4 + $0) * hidden + k]) }
        let j = b * hidden + k
        let (i, f, g, o) = (
          Self.sigmoid(at[0]), Self.sigmoid(at[1]), tanh(at[2]), Self.sigmoid(at[3])
        )
        let (previous, d) = (Double(before[j]), Double(delta[j]))
        let cell = f * previous + i * g
        let q = [
          o * Self.tanhSlope(cell), g * Self.sigmoidSlope(at[0]),
          previous * Self.sigmoidSlope(at[1]), i * Self.tanhSlope(at[2]),
          tanh(cell) * Self.sigmoidSlope(at[3]), f,
        ]
        for (number, value) in q.enumerated() { expectedFactors[number * n + j] = value }
        let total = d * q[0] + Double(arriving[j])
        for (gate, value) in [total * q[1], total * q[2], total * q[3], d * q[4]].enumerated() {
          expectedGamma[(b * 4 + gate) * hidden + k] = value
        }
        expected[0].append(cell)
        expected[1].append(o * tanh(cell))
        expected[2].append(total)
        expected[3].append(total * f)
      }
    }
    let (relative, absolute) = Self.tolerance(type)
    func check(_ name: String, _ x: [Element], _ y: [Double]) {
      let found = difference(Element.doubles(x), y, relative: relative, absolute: absolute)
      #expect(found == nil, "\(name) \(type)")
    }
    check("c", c, expected[0])
    check("h", h, expected[1])
    check("factors", factors, expectedFactors)
    check("kappa", kappa, expected[2])
    check("carry", carry, expected[3])
    check("gamma", gamma, expectedGamma)
  }

  @Test(arguments: KernelCase.all) func lstmGradientCovariance(_ item: KernelCase) {
    lstmGradientCovariance(item, Float.self)
    lstmGradientCovariance(item, Double.self)
  }

  private func lstmGradientCovariance<Element: Scalar>(_ item: KernelCase, _ type: Element.Type) {
    let n = item.size
    let factors = item.normals(6 * n, 11, type)
    let laterFactors = item.normals(6 * n, 12, type)
    let carry = item.normals(n, 13, type)
    let laterCarry = item.normals(n, 14, type)
    var cross = item.normals(n, 15, type)
    let (before, later) = (cross, item.normals(n, 16, type))
    var kappas = later
    let sum = withKernels(item.kernels) {
      kappas.withUnsafeMutableBufferPointer {
        Element.lstmGradientCovariance(
          sites: n, covariance: 0.375, factors: factors, carry: carry, laterFactors: laterFactors,
          laterCarry: laterCarry, later: $0.baseAddress!, cross: &cross, into: $0.baseAddress!)
      }
    }
    let (t, u) = (Element.doubles(factors), Element.doubles(laterFactors))
    let deltaKappa = (0..<n).map { 0.375 * u[$0] + Double(laterCarry[$0]) * Double(before[$0]) }
    let kappaKappa = (0..<n).map { t[$0] * deltaKappa[$0] + Double(carry[$0]) * Double(later[$0]) }
    let terms = (0..<n).map { k in
      (1...3).reduce(0) { $0 + t[$1 * n + k] * u[$1 * n + k] } * kappaKappa[k]
    }
    // Sums of products of normal deviates, each rounding of a number below 100: 8 of them, of n terms in the sum.
    let tolerance = 8 * 100 * Double(Element.ulpOfOne)
    #expect(difference(Element.doubles(cross), deltaKappa, absolute: tolerance) == nil, "\(type)")
    #expect(difference(Element.doubles(kappas), kappaKappa, absolute: tolerance) == nil, "\(type)")
    #expect((sum - terms.reduce(0, +)).magnitude < tolerance * Double(n), "\(type)")
  }

  @Test(arguments: KernelCase.all) func gru(_ item: KernelCase) {
    gru(item, Float.self)
    gru(item, Double.self)
  }

  private func gru<Element: Scalar>(_ item: KernelCase, _ type: Element.Type) {
    let (batch, hidden) = (3, item.size)
    let n = batch * hidden
    let u = item.normals(3 * n, 5, type, deviation: 2)
    let v = item.normals(3 * n, 6, type, deviation: 2)
    let before = item.normals(n, 7, type)
    var (h, bypass) = ([Element](repeating: 9, count: n), [Element](repeating: 9, count: n))
    var factors = [Element](repeating: 9, count: 5 * n)
    let delta = item.normals(n, 8, type)
    var (input, recurrent) = (factors, factors)
    withKernels(item.kernels) {
      Element.gruForward(
        batch: batch, hidden: hidden, u: u, v: v, previousHidden: before, h: &h, factors: &factors)
      Element.gruBackward(
        batch: batch, hidden: hidden, delta: delta, factors: factors, gammaInput: &input,
        gammaHidden: &recurrent, bypass: &bypass)
    }
    var (expectedH, expectedBypass): ([Double], [Double]) = ([], [])
    var (expectedInput, expectedRecurrent) = (
      [Double](repeating: 0, count: 3 * n), [Double](repeating: 0, count: 3 * n)
    )
    for b in 0..<batch {
      for k in 0..<hidden {
        func at(_ x: [Element], _ gate: Int) -> Double { Double(x[(b * 3 + gate) * hidden + k]) }
        let j = b * hidden + k
        let (reset, update, v_n) = (at(u, 0) + at(v, 0), at(u, 1) + at(v, 1), at(v, 2))
        let (r, z) = (Self.sigmoid(reset), Self.sigmoid(update))
        let candidate = at(u, 2) + r * v_n
        let (d, previous) = (Double(delta[j]), Double(before[j]))
        let throughN = d * Self.sigmoid(-update) * Self.tanhSlope(candidate)
        let gates = [
          throughN * v_n * Self.sigmoidSlope(reset),
          d * (previous - tanh(candidate)) * Self.sigmoidSlope(update), throughN,
        ]
        for gate in 0..<3 {
          expectedInput[(b * 3 + gate) * hidden + k] = gates[gate]
          expectedRecurrent[(b * 3 + gate) * hidden + k] = gates[gate] * (gate == 2 ? r : 1)
        }
        expectedH.append(Self.sigmoid(-update) * tanh(candidate) + z * previous)
        expectedBypass.append(d * z)
      }
    }
    // A preactivation is itself rounded, which e^-|a| magnifies by |a| < 10.
    let (relative, absolute) = (10 * Self.tolerance(type).relative, 4 * Self.tolerance(type).absolute)
    func check(_ name: String, _ x: ArraySlice<Element>, _ y: [Double]) {
      let found = difference(Element.doubles(Array(x)), y, relative: relative, absolute: absolute)
      #expect(found == nil, "\(name) \(type)")
    }
    check("h", h[...], expectedH)
    check("bypass", bypass[...], expectedBypass)
    check("input side", input[..<(3 * n)], expectedInput)
    check("hidden side", recurrent[..<(3 * n)], expectedRecurrent)
  }
}
