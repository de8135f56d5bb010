import LinearAlgebra
import RecurrentCells
import TestSupport
import Testing

/// The tangent steps of LSTM and GRU against their equations, from arbitrary factors, on every level.
@Suite("Tangent kernels against their equations")
struct TangentKernelTests {
  // Six products of numbers near 1, some of which cancel: each within an ulp of a term below 40.
  private static func check<Element: Scalar>(
    _ name: String, _ x: [Element], _ y: [Double]
  ) {
    let ulp = Double(Element.ulpOfOne)
    let found = difference(Element.doubles(x), y, relative: 20 * ulp, absolute: 60 * ulp)
    #expect(found == nil, "\(name) \(Element.self)")
  }

  @Test(arguments: KernelCase.all) func lstm(_ item: KernelCase) {
    lstm(item, Float.self)
    lstm(item, Double.self)
  }

  // dc = f dc + (g i') da_i + (c f') da_f + (i g') da_g,  dh = q dc + (tanh(c) o') da_o
  private func lstm<Element: Scalar>(_ item: KernelCase, _ type: Element.Type) {
    let (count, hidden) = (3, item.size)
    let n = count * hidden
    let da = item.normals(4 * n, 11, type)
    let factors = item.normals(6 * n, 12, type)
    var dc = item.normals(n, 13, type)
    let before = dc
    var dh = [Element](repeating: 9, count: n)
    withKernels(item.kernels) {
      Element.lstmTangent(batch: count, hidden: hidden, da: da, factors: factors, dc: &dc, dh: &dh)
    }
    var (expectedC, expectedH): ([Double], [Double]) = ([], [])
    for b in 0..<count {
      for k in 0..<hidden {
        let j = b * hidden + k
        let q = (0..<6).map { Double(factors[$0 * n + j]) }
        let a = (0..<4).map { Double(da[(b * 4 + $0) * hidden + k]) }
        let cell = q[5] * Double(before[j]) + q[1] * a[0] + q[2] * a[1] + q[3] * a[2]
        expectedC.append(cell)
        expectedH.append(q[0] * cell + q[4] * a[3])
      }
    }
    Self.check("dc", dc, expectedC)
    Self.check("dh", dh, expectedH)
  }

  @Test(arguments: KernelCase.all) func gru(_ item: KernelCase) {
    gru(item, Float.self)
    gru(item, Double.self)
  }

  // dh = (n's share of r) dv_r + (that of z) dv_z + (1−z) n' r dv_n + z dh_{t−1}
  private func gru<Element: Scalar>(_ item: KernelCase, _ type: Element.Type) {
    let (count, hidden) = (3, item.size)
    let n = count * hidden
    let dv = item.normals(3 * n, 14, type)
    let factors = item.normals(5 * n, 15, type)
    let before = item.normals(n, 16, type)
    var dh = [Element](repeating: 9, count: n)
    withKernels(item.kernels) {
      Element.gruTangent(
        batch: count, hidden: hidden, dv: dv, factors: factors, previous: before, dh: &dh)
    }
    var expected: [Double] = []
    for b in 0..<count {
      for k in 0..<hidden {
        let j = b * hidden + k
        let q = (0..<5).map { Double(factors[$0 * n + j]) }
        let a = (0..<3).map { Double(dv[(b * 3 + $0) * hidden + k]) }
        expected.append(
          q[0] * a[0] + q[1] * a[1] + q[2] * q[3] * a[2] + q[4] * Double(before[j]))
      }
    }
    Self.check("dh", dh, expected)
  }
}
