import Foundation
import LinearAlgebra
import TestSupport
import Testing

/// The stated accuracy of tanh, sigmoid and their derivatives, over the whole range, for every processor level.
@Suite("Accuracy of activations")
struct ActivationAccuracyTests {
  static let levels = ProcessorLevel.allCases.filter { $0 <= .detected }

  /// tanh, tanh', sigmoid, sigmoid' in ulp.
  typealias Budget = (tanh: Double, tanhSlope: Double, sigmoid: Double, sigmoidSlope: Double)
  static let fused: Budget = (2.5, 3.1, 2.1, 3.1)
  static let plain: Budget = (3, 4.7, 3, 4.8)

  // Every 1,501st float from 2^-60 to where derivatives leave the normal range, of both signs: 300,000.
  @Test(arguments: levels) func inSinglePrecision(_ level: ProcessorLevel) {
    let magnitudes = stride(
      from: Float(0x1p-60).bitPattern, to: Float(43.5).bitPattern, by: 1_501
    ).map { Float(bitPattern: $0) }
    let a = magnitudes + magnitudes.map { -$0 }
    let budget = level == .baseline && !hasFusedBaseline ? Self.plain : Self.fused
    check(a, level, budget) { x in
      let (e, s) = (exp(-2 * x.magnitude), exp(-x.magnitude))
      return (tanh(x), 4 * e / ((1 + e) * (1 + e)), 1 / (1 + exp(-x)), s / ((1 + s) * (1 + s)))
    }
  }

  #if arch(x86_64)
    // Against the 64 bits of extended precision; every 6e12th double, 400,000 of both signs.
    @Test(arguments: levels) func inDoublePrecision(_ level: ProcessorLevel) {
      let magnitudes = stride(
        from: (0x1p-200).bitPattern, to: 353.0.bitPattern, by: 4_700_000_000_001
      ).map { Double(bitPattern: $0) }
      check(magnitudes + magnitudes.map { -$0 }, level, Self.plain) { a in
        let x = Float80(a)
        let (e, s) = (exp(-2 * x.magnitude), exp(-x.magnitude))
        return (
          Double(tanh(x)), Double(4 * e / ((1 + e) * (1 + e))), Double(1 / (1 + exp(-x))),
          Double(s / ((1 + s) * (1 + s)))
        )
      }
    }
  #endif

  private var hasFusedBaseline: Bool {
    #if arch(arm64)
      return true
    #else
      return false
    #endif
  }

  private func check<Element: Scalar>(
    _ a: [Element], _ level: ProcessorLevel, _ budget: Budget,
    _ exact: (Double) -> (Double, Double, Double, Double)
  ) {
    let n = a.count
    let zero = [Element](repeating: 0, count: n)
    var (h, hSlope, s, sSlope) = (zero, zero, zero, zero)
    withKernels(KernelSelection(level: level, generatesProducts: false)) {
      Element.tanhForward(n, a, h: &h, derivative: &hSlope)
      Element.sigmoidForward(n, a, s: &s, derivative: &sSlope)
    }
    let ulp = Double(Element.ulpOfOne)
    var worst: Budget = (0, 0, 0, 0)
    for k in 0..<n {
      let e = exact(Double(a[k]))
      worst.tanh = max(worst.tanh, ulps(Double(h[k]), e.0, ulp: ulp))
      worst.tanhSlope = max(worst.tanhSlope, ulps(Double(hSlope[k]), e.1, ulp: ulp))
      worst.sigmoid = max(worst.sigmoid, ulps(Double(s[k]), e.2, ulp: ulp))
      worst.sigmoidSlope = max(worst.sigmoidSlope, ulps(Double(sSlope[k]), e.3, ulp: ulp))
    }
    #expect(worst.tanh <= budget.tanh && worst.tanhSlope <= budget.tanhSlope)
    #expect(worst.sigmoid <= budget.sigmoid && worst.sigmoidSlope <= budget.sigmoidSlope)
  }

  /// What lies beyond is exact, at every level, where denormal numbers are flushed.
  @Test(arguments: levels) func saturationIsExact(_ level: ProcessorLevel) {
    withKernels(KernelSelection(level: level, generatesProducts: false)) {
      var (h, slope) = ([Float](repeating: 9, count: 20), [Float](repeating: 9, count: 20))
      let a = (0..<20).map { Float($0 % 2 == 0 ? 1 : -1) * ($0 < 10 ? 90 : .infinity) }
      withDenormalsFlushed { Float.tanhForward(20, a, h: &h, derivative: &slope) }
      #expect(h == a.map { $0 > 0 ? 1 : -1 } && slope.allSatisfy { $0 == 0 })
      withDenormalsFlushed { Float.sigmoidForward(20, a, s: &h, derivative: &slope) }
      #expect(h == a.map { $0 > 0 ? 1 : 0 } && slope.allSatisfy { $0 == 0 })
      let strange: [Float] = [.nan, 1, .nan, 0, -0.0]
      Float.tanhForward(5, strange, h: &h, derivative: &slope)
      #expect(h[0].isNaN && slope[0].isNaN && h[2].isNaN && !h[1].isNaN && h[3] == 0)
      #expect(h[4].sign == .minus)
    }
  }
}
