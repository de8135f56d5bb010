import Foundation
import LinearAlgebra
import TestSupport
import Testing

@Suite("Row kernels against simple loops")
struct RowKernelTests {
  @Test(arguments: KernelCase.all) func inSinglePrecision(_ item: KernelCase) {
    check(item, Float.self)
  }
  @Test(arguments: KernelCase.all) func inDoublePrecision(_ item: KernelCase) {
    check(item, Double.self)
  }

  private func check<Element: Scalar>(_ item: KernelCase, _ type: Element.Type) {
    let (rows, width) = (5, item.size)
    let n = rows * width
    let x = item.normals(n, 11, type)
    let wide = Element.doubles(x)
    func row(_ r: Int) -> [Double] { Array(wide[r * width..<(r + 1) * width]) }
    let norms = (0..<rows).map { row($0).reduce(0.0) { $0 + $1 * $1 }.squareRoot() }
    withKernels(item.kernels) {
      var measured = [Double](repeating: 0, count: rows)
      Element.rowNorms(count: rows, width: width, stride: width, x, into: &measured)
      #expect(difference(measured, norms, relative: 1e-14) == nil)

      #expect(Element.largestMagnitude(n, x) == wide.map(\.magnitude).max())
      #expect(Element.firstNonFinite(n, x) == nil)

      var sums = [Element](repeating: 1, count: width)
      Element.addColumnSums(count: rows, width: width, x, into: &sums)
      let columns = (0..<width).map { j in 1 + (0..<rows).reduce(0.0) { $0 + row($1)[j] } }
      #expect(
        difference(
          Element.doubles(sums), columns, absolute: 8 * Double(Element.ulpOfOne) * 4) == nil)

      // Powers of two, so that scaled numbers are exact: one of the range of Element and one beyond.
      var scales = (0..<rows).map { powerOfTwo(3 * $0 - 4) }
      var scaled = x
      Element.scaleRows(count: rows, width: width, scale: scales, &scaled)
      #expect(Element.doubles(scaled) == (0..<rows).flatMap { r in row(r).map { $0 * scales[r] } })
      var sum = scaled
      Element.addScaledRows(count: rows, width: width, scale: scales, x, into: &sum)
      let expected = (0..<n).map { Element(wide[$0] * scales[$0 / width]) + scaled[$0] }
      #expect(sum == expected)
      scales = scales.map { $0 * (Element.self == Float.self ? 0x1p-140 : 1) }
      var far = [Double](repeating: 0, count: n)
      Element.widenScaledRows(
        count: rows, width: width, stride: width, scale: scales, x, into: &far)
      #expect(far == (0..<n).map { wide[$0] * scales[$0 / width] })

      var transposed = [Element](repeating: 0, count: n)
      Element.transpose(rows: rows, columns: width, x, into: &transposed)
      #expect(transposed == (0..<n).map { x[$0 % rows * width + $0 / rows] })

      var filled = [Element](repeating: 9, count: n)
      Element.fillRows(count: rows, width: width, x, transposed, into: &filled)
      #expect(filled == (0..<n).map { x[$0 % width] + transposed[$0 % width] })

      var product = filled
      Element.elementwiseProduct(n, x, transposed, into: &product)
      #expect(product == zip(x, transposed).map { $0 * $1 })
    }
  }

  /// The larger of a row's two norms decides; what moves into the exponent leaves the elements.
  @Test(arguments: KernelCase.all) func renormalisingChangesNoValue(_ item: KernelCase) {
    let (rows, width) = (4, item.size)
    var (x, second) = (
      item.normals(rows * width, 12, Float.self), item.normals(rows * width, 13, Float.self)
    )
    for j in 0..<width {
      x[width + j] *= 0x1p-60
      second[width + j] *= 0x1p-40
      x[2 * width + j] = 0
      second[2 * width + j] = 0
      x[3 * width + j] *= 0x1p70
    }
    let (before, secondBefore) = (x, second)
    var exponents = [3, 5, 7, -9]
    let exponentsBefore = exponents
    var norms = [0.0, 0, 0, 0]
    var truth = [0, 0, 0, 0]
    withKernels(item.kernels) {
      let kept = Float.renormaliseRows(
        count: rows, width: width, threshold: 8, sparing: true, &x, &second, exponents: &exponents,
        norms: &norms,
        trueExponents: &truth)
      #expect(kept == 0)
    }
    for r in [0, 1, 3] {
      let moved = powerOfTwo(exponentsBefore[r] - exponents[r])
      let range = r * width..<(r + 1) * width
      #expect(x[range].map { Double($0) } == before[range].map { Double($0) * moved })
      #expect(second[range].map { Double($0) } == secondBefore[range].map { Double($0) * moved })
      let secondNorm = second[range].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      let larger = max(norms[r], secondNorm)
      #expect(truth[r] == exponents[r] + Int(larger.exponent))
      #expect(Int(larger.exponent).magnitude <= 8)
      let expected = x[range].reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
      #expect(difference([norms[r]], [expected], relative: 1e-14) == nil)
    }
    #expect(exponents[0] == 3, "within the threshold nothing moves")
    #expect(exponents[2] == 0 && truth[2] == .min && norms[2] == 0)
  }

  /// Gram matrices, weighted sums and the norm that they make of Σ_b γ_b x_bᵀ.
  @Test(arguments: KernelCase.all) func contributions(_ item: KernelCase) {
    contributions(item, Float.self, relative: 4e-7)
    contributions(item, Double.self, relative: 2e-14)
  }

  // The sum is compared with its own diagonal: an entry is right to an ulp of the norms it is made of.
  private func contributions<Element: Scalar>(
    _ item: KernelCase, _ type: Element.Type, relative: Double
  ) {
    let (batch, width) = (6, item.size)
    let (count, stride) = (8, (width + 15) / 16 * 16)
    var (x, y) = (item.normals(batch * width, 14, type), item.normals(batch * width, 15, type))
    for j in 0..<width {
      x[width + j] *= Element(sign: .plus, exponent: -30, significand: 1)
      y[width + j] *= Element(sign: .plus, exponent: 31, significand: 1)
      x[2 * width + j] = 0
    }
    withKernels(item.kernels) {
      func load(_ values: [Element]) -> (rows: [Element], exponents: [Int], gram: [Double]) {
        var rows = [Element](repeating: 0, count: count * stride)
        var exponents = [Int](repeating: 0, count: batch)
        var gram = [Double](repeating: 0, count: count * count)
        Element.normaliseRows(
          count: batch, width: width, stride: stride, values, into: &rows, exponents: &exponents)
        Element.gramMatrix(count: count, stride: stride, rows, into: &gram)
        return (rows, exponents, gram)
      }
      let (a, b) = (load(x), load(y))
      #expect(a.exponents[2] == .min)
      for r in 0..<batch where r != 2 {
        let back = a.rows[r * stride..<r * stride + width].map {
          Double($0) * powerOfTwo(a.exponents[r])
        }
        #expect(back == Element.doubles(Array(x[r * width..<(r + 1) * width])))
        let largest = a.rows[r * stride..<r * stride + width].map(\.magnitude).max() ?? 0
        #expect((1..<2).contains(largest))
        #expect(a.rows[r * stride + width..<(r + 1) * stride].allSatisfy { $0 == 0 })
      }
      var weights = [Double](repeating: 0, count: batch)
      let exponent = Element.contributionWeights(batch, a.exponents, b.exponents, into: &weights)
      var diagonal = 0.0
      let square = Element.weightedGramSum(
        batch, stride: count, weights: weights, a.gram, b.gram, diagonal: &diagonal)
      var (explicit, own) = (0.0, 0.0)
      let (wideX, wideY) = (Element.doubles(x), Element.doubles(y))
      for i in 0..<width {
        for j in 0..<width {
          let terms = (0..<batch).map { wideX[$0 * width + i] * wideY[$0 * width + j] }
          let sum = terms.reduce(0, +)
          explicit += sum * sum
          own += terms.reduce(0.0) { $0 + $1 * $1 }
        }
      }
      let scale = powerOfTwo(2 * exponent)
      #expect(difference([diagonal * scale], [own], relative: relative) == nil)
      #expect(((square * scale - explicit) / own).magnitude < relative)

      var scratch = [Double](repeating: 0, count: width)
      let bias = Element.contributionWeights(batch, a.exponents, nil, into: &weights)
      let norm = Element.normOfWeightedSum(
        count: batch, width: width, stride: stride, weights: weights, a.rows, scratch: &scratch)
      let columns = (0..<width).map { j in
        (0..<batch).reduce(0.0) { $0 + wideX[$1 * width + j] }
      }
      let expected = columns.reduce(0.0) { $0 + $1 * $1 }.squareRoot()
      #expect(difference([norm * powerOfTwo(bias)], [expected], relative: 1e-13) == nil)
    }
  }

  @Test(arguments: KernelCase.all) func softmaxCrossEntropyKeepsItsDigits(_ item: KernelCase) {
    let (rows, width) = (3, item.size)
    var y = item.normals(rows * width, 16, Double.self, deviation: 4)
    let logits = y
    let classes = (0..<rows).map { (7 * $0) % width }
    var scratch = [Double](repeating: 0, count: width)
    let loss = withKernels(item.kernels) {
      Double.softmaxCrossEntropy(
        count: rows, width: width, weight: 0.25, classes: classes, &y, exponents: nil, scratch: &scratch)
    }
    var (expected, gradient) = (0.0, [Double]())
    for r in 0..<rows {
      let row = logits[r * width..<(r + 1) * width].map { exp($0) }
      let sum = row.reduce(0, +)
      let others = sum - row[classes[r]]
      expected += 0.25 * log1p(others / row[classes[r]])
      gradient += row.enumerated().map {
        0.25 * ($0.offset == classes[r] ? -others : $0.element) / sum
      }
    }
    #expect(difference([loss], [expected], relative: 1e-13, absolute: 1e-15) == nil)
    #expect(difference(y, gradient, relative: 1e-12, absolute: 1e-15) == nil)
  }

  @Test func largestMagnitudeShowsWhatIsNoNumber() {
    var x = [Float](repeating: 1, count: 41)
    x[17] = -.infinity
    #expect(Float.largestMagnitude(41, x) == .infinity)
    x[40] = .nan
    #expect(Float.largestMagnitude(41, x).isNaN)
    #expect(Double.largestMagnitude(3, [0, -2, 1]) == 2)
  }
}
