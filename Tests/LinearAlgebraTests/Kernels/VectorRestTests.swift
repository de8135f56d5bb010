import LinearAlgebra
import RecurrentCells
import TestSupport
import Testing

/// Kernels that work by several vectors at once give each unit what it gets by itself, to the last bit, whatever rest
/// the length leaves.
@Suite("Rests of vectors")
struct VectorRestTests {
  @Test(arguments: KernelCase.all) func inSinglePrecision(_ item: KernelCase) { check(item, Float.self) }
  @Test(arguments: KernelCase.all) func inDoublePrecision(_ item: KernelCase) { check(item, Double.self) }

  private func check<Element: Scalar>(_ item: KernelCase, _: Element.Type) {
    withKernels(item.kernels) {
      let n = item.size
      let a = item.normals(4 * n, 31, Element.self, deviation: 3)
      let b = item.normals(4 * n, 32, Element.self)
      #expect(
        Self.isUnitByUnit(n, [a], outputs: 2) { n, a, out in
          Element.tanhForward(n, a[0], h: out, derivative: out + n)
        })
      #expect(
        Self.isUnitByUnit(n, [a], outputs: 2) { n, a, out in
          Element.sigmoidForward(n, a[0], s: out, derivative: out + n)
        })
      #expect(
        Self.isUnitByUnit(n, [a, b], outputs: 8) { n, a, out in
          Element.lstmForward(
            batch: 1, hidden: n, a: a[0], previousCell: a[1], cell: out, h: out + n, factors: out + 2 * n)
        })
      #expect(
        Self.isUnitByUnit(n, [a, b, Array(a.reversed())], outputs: 6) { n, a, out in
          Element.gruForward(
            batch: 1, hidden: n, u: a[0], v: a[1], previousHidden: a[2], h: out, factors: out + n)
        })
    }
  }

  /// Whether `run` on rows of n units writes the same as on each of the units alone.
  ///
  /// - Parameters:
  ///   - operands: blocks of n numbers each, of which `run` may read four.
  ///   - outputs: blocks of n numbers that it writes.
  private static func isUnitByUnit<Element: Scalar>(
    _ n: Int, _ operands: [[Element]], outputs: Int,
    _ run: (Int, [[Element]], UnsafeMutablePointer<Element>) -> Void
  ) -> Bool {
    var whole = [Element](repeating: 9, count: outputs * n)
    run(n, operands, &whole)
    return (0..<n).allSatisfy { k in
      var unit = [Element](repeating: 9, count: outputs)
      run(1, operands.map { rows in (0..<4).map { rows[$0 * n + k] } }, &unit)
      return (0..<outputs).allSatisfy { whole[$0 * n + k] == unit[$0] }
    }
  }

  @Test(arguments: KernelCase.all) func transposesOfAnyShape(_ item: KernelCase) {
    func check<Element: Scalar>(_: Element.Type) {
      for rows in [1, 7, 8, 9, 16, 21] {
        let (columns, n) = (item.size, rows * item.size)
        let x = item.normals(n, 33, Element.self)
        var transposed = [Element](repeating: 0, count: n)
        Element.transpose(rows: rows, columns: columns, x, into: &transposed)
        #expect(transposed == (0..<n).map { x[$0 % rows * columns + $0 / rows] }, "\(rows) × \(columns)")
      }
    }
    withKernels(item.kernels) {
      check(Float.self)
      check(Double.self)
    }
  }

  @Test(arguments: KernelCase.all) func rowsAreFilledFromOneAlone(_ item: KernelCase) {
    withKernels(item.kernels) {
      let row = item.normals(item.size, 34, Float.self)
      var rows = [Float](repeating: 9, count: 3 * item.size)
      Float.fillRows(count: 3, width: item.size, row, nil, into: &rows)
      #expect(rows == row + row + row)
    }
  }
}
