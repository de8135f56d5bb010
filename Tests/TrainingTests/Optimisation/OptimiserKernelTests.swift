import GradientFlow
import TestSupport
import Testing

/// Kernels of every level of the processor, at lengths that no vector width divides, or just does.
@Suite("Kernels of the optimisers")
struct OptimiserKernelTests {
  static let lengths = [1, 7, 16, 33, 64, 150]
  static let levels = ProcessorLevel.allCases.filter { $0 <= .detected }

  private static func close(_ found: [Double], _ expected: [Double], _ relative: Double) -> Bool {
    difference(found, expected, relative: relative, absolute: relative) == nil
  }

  /// Three steps of each optimiser by the kernel and by a loop in double.
  private static func check<Element: Scalar>(
    _ n: Int, _: Element.Type, _ relative: Double
  ) {
    var stream = RandomStream(rootSeed: 5, trialSeed: UInt64(n), purpose: .other(3))
    func normals() -> [Element] { Element.array(stream.normals(n)) }
    let (rate, scale) = (0.03, -1.7)
    let start = normals()
    var w = Array(repeating: start, count: 5)
    var v = [Element](repeating: 0, count: n)
    var (s, mean, square, total) = (v, v, v, v)
    var plain = Array(repeating: Element.doubles(start), count: 5)
    var (pv, ps, pm, pq) = (Element.doubles(v), Element.doubles(v), Element.doubles(v), Element.doubles(v))
    var pt = pv
    for step in 1...3 {
      let g = normals()
      let corrections = (0.1 * Double(step), 0.02 * Double(step))
      let squares = [
        Element.sgdStep(n, rate: rate, scale: scale, gradient: g, &w[0]),
        Element.momentumStep(
          n, rate: rate, scale: scale, momentum: 0.8, gradient: g, velocity: &v, &w[1]),
        Element.rmspropStep(
          n, rate: rate, scale: scale, decay: 0.9, epsilon: 1e-3, gradient: g, meanSquare: &s, &w[2]),
        Element.adamStep(
          n, rate: rate, scale: scale, decays: (0.9, 0.98), corrections: corrections, epsilon: 1e-3,
          gradient: g,
          mean: &mean, meanSquare: &square, &w[3]),
        Element.adagradStep(
          n, rate: rate, scale: scale, epsilon: 1e-3, gradient: g, squareSum: &total, &w[4]),
      ]
      var changes = [0.0, 0, 0, 0, 0]
      for k in 0..<n {
        let gradient = scale * Element.doubles(g)[k]
        pv[k] = 0.8 * pv[k] + gradient
        ps[k] = 0.9 * ps[k] + 0.1 * gradient * gradient
        pm[k] = 0.9 * pm[k] + 0.1 * gradient
        pt[k] += gradient * gradient
        pq[k] = 0.98 * pq[k] + 0.02 * gradient * gradient
        let moves = [
          rate * gradient, rate * pv[k], rate * gradient / (ps[k].squareRoot() + 1e-3),
          rate * (pm[k] / corrections.0) / ((pq[k] / corrections.1).squareRoot() + 1e-3),
          rate * gradient / (pt[k].squareRoot() + 1e-3),
        ]
        for o in 0..<5 {
          plain[o][k] -= moves[o]
          changes[o] += moves[o] * moves[o]
        }
      }
      #expect(close(squares, changes, 10 * relative))
      for o in 0..<5 { #expect(close(Element.doubles(w[o]), plain[o], relative), "\(o), \(n) weights") }
      for (kept, expected) in [(v, pv), (s, ps), (mean, pm), (square, pq), (total, pt)] {
        #expect(close(Element.doubles(kept), expected, 10 * relative))
      }
    }
  }

  @Test(arguments: levels, lengths)
  func equalPlainLoops(level: ProcessorLevel, length: Int) {
    withKernels(KernelSelection(level: level, generatesProducts: false)) {
      Self.check(length, Double.self, 1e-14)
      Self.check(length, Float.self, 5e-6)
    }
  }

  /// The square of a single change is exact in double: the sum of all is taken in the order of the weights.
  @Test(arguments: levels, lengths)
  func squaresAreSummedInOrder(level: ProcessorLevel, length: Int) {
    withKernels(KernelSelection(level: level, generatesProducts: false)) {
      var stream = RandomStream(rootSeed: 6, trialSeed: UInt64(length), purpose: .other(3))
      let gradient = Float.array(stream.normals(length))
      let start = Float.array(stream.normals(length))
      let slots = [Float](repeating: 0.25, count: length)
      func adam(_ range: Range<Int>, _ w: inout [Float]) -> Double {
        var (own, mean, square) = (Array(w[range]), Array(slots[range]), Array(slots[range]))
        defer { w.replaceSubrange(range, with: own) }
        return Float.adamStep(
          range.count, rate: 0.03, scale: 1.7, decays: (0.9, 0.98), corrections: (0.1, 0.02), epsilon: 1e-3,
          gradient: Array(gradient[range]), mean: &mean, meanSquare: &square, &own)
      }
      var (whole, single) = (start, start)
      let sum = adam(0..<length, &whole)
      let expected = (0..<length).reduce(0.0) { $0 + adam($1..<$1 + 1, &single) }
      #expect(sum == expected && whole == single)
    }
  }
}
