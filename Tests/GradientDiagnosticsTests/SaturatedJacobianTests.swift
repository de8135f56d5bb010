import Foundation
import GradientFlow
import TestSupport
import Testing

// Expected values: mpfr of 8,000 to 20,000 bits from the forward pass on, one-sided Jacobi rotations of the product. What is
// wanted of what is printed: 1e-6 in log10.
@Suite("Jacobians of saturated networks")
struct SaturatedJacobianTests {
  struct Expected: Sendable {
    let network: SaturatedNetwork
    var block = StateBlock.hidden
    let lag: Int
    let values: [Double]
    /// How many have to be given; nil for all.
    var given: Int?
  }

  static let expected: [Expected] = [
    Expected(
      network: .fiveUnits, lag: 2,
      values: [
        -2.5285954681061487, -7.439804933222345, -15.038165226283864, -16.02759761983976, -30.627429943850636,
      ]),
    Expected(
      network: .fiveUnits, lag: 3,
      values: [
        -2.127825928839467, -9.176897650585621, -18.995314539737077, -22.141727661689686, -41.47980878887998,
      ]),
    Expected(
      network: .fiveUnits, lag: 16,
      values: [
        -7.597114439730079, -35.91531792317311, -71.42575766838102, -103.36999939107747, -172.7657937779956,
      ]),
    Expected(
      network: .fiveUnits, lag: 20,
      values: [
        -13.410518651857583, -50.94016902688, -91.48998179132502, -131.70336388765728, -217.85587016644735,
      ]),
    Expected(
      network: SaturatedNetwork(.rnn, hidden: 5, steps: 20, scale: 12), lag: 20,
      values: [
        -145.44159469305873, -218.49847016892633, -290.39859888709947, -346.9383491181129, -390.4054183058659,
      ]),
    // |a| up to 514: derivatives far below the range of a double.
    Expected(
      network: SaturatedNetwork(.rnn, hidden: 4, steps: 10, scale: 160), lag: 1,
      values: [-103.62309780820556, -220.26688452134024, -300.29245893934876, -384.8618559744751]),
    Expected(
      network: SaturatedNetwork(.rnn, hidden: 4, steps: 10, scale: 160), lag: 10,
      values: [-1288.0373752705805, -1725.4614147624268, -2295.485894600657, -2730.6654574495124], given: 2),
    Expected(
      network: SaturatedNetwork(.gru, hidden: 4, steps: 12, scale: 4, bias: -20), lag: 3,
      values: [-9.551935480960779, -11.062246576436255, -18.04750548742148, -25.09738270768995]),
    Expected(
      network: SaturatedNetwork(.gru, hidden: 4, steps: 12, scale: 4, bias: -20), lag: 12,
      values: [-34.710415702214384, -41.22201169216322, -60.6312860130426, -90.42670546386913]),
    Expected(
      network: SaturatedNetwork(.gru, hidden: 4, steps: 12, scale: 8, bias: 20), lag: 12,
      values: [-1.3921727637453111e-05, -0.1717111399379266, -2.1881103479367274, -5.069442628891194]),
    Expected(
      network: SaturatedNetwork(.lstm, hidden: 3, steps: 12, scale: 4), block: .state, lag: 12,
      values: [
        -8.259505547898561, -10.765931479824614, -22.05915843959165, -30.838900546521984, -42.84444251529423,
        -61.557212058595226,
      ]),
    Expected(
      network: SaturatedNetwork(.lstm, hidden: 3, steps: 12, scale: 4), block: .cell, lag: 12,
      values: [-8.266475364407805, -11.739763440687627, -23.887045069892686]),
    Expected(
      network: SaturatedNetwork(.lstm, hidden: 3, steps: 12, scale: 8, bias: -30), block: .state, lag: 1,
      values: [
        -3.753596405430613, -4.608093880491132, -5.794518639944237, -6.105919216785301, -15.477098964689402,
        -32.976284675241324,
      ]),
    Expected(
      network: SaturatedNetwork(.lstm, hidden: 3, steps: 12, scale: 8, bias: -30), block: .state, lag: 12,
      values: [
        -40.23543510975663, -66.01121543865254, -80.15345197478639, -124.67638858875588, -164.85534861994057,
        -252.35039346473363,
      ], given: 2),
    Expected(
      network: SaturatedNetwork(.lstm, hidden: 3, steps: 12, scale: 8, bias: -30), lag: 12,
      values: [-46.37887107917831, -70.18530240514745, -88.8983481717637], given: 2),
  ]

  @Test(arguments: expected)
  func everySingularValueIsRight(_ expected: Expected) {
    let found = expected.network.singularValues(expected.block, lag: expected.lag)
    // Where the forward pass in double, or a derivative below 1e-289 of another, leaves the rest open.
    let given = found.prefix { !$0.isNaN }
    #expect(given.count >= expected.given ?? expected.values.count, "\(found)")
    #expect(
      difference(Array(given), Array(expected.values.prefix(given.count)), absolute: 1e-6) == nil, "\(found)")
    #expect(found.count == expected.values.count && found.dropFirst(given.count).allSatisfy(\.isNaN))
  }

  // Σ log σ = log |det J_T ⋯ J_1| = Σ log tanh'(a) + T log |det W|, all in logarithms.
  @Test func logarithmsAddUpToTheDeterminant() throws {
    let network = SaturatedNetwork.fiveUnits
    let w = network.parameters.weightHH
    var h = [Double](repeating: 0, count: 5)
    var slopes = 0.0
    for t in 0..<20 {
      let a = (0..<5).map { i in
        (0..<4).reduce(network.parameters.biasIH[i] + network.parameters.biasHH[i]) {
          $0 + network.parameters.weightIH[i, $1] * network.inputs[4 * t + $1]
        } + (0..<5).reduce(0.0) { $0 + w[i, $1] * h[$1] }
      }
      h = a.map { tanh($0) }
      slopes += a.reduce(0.0) { $0 + log10(4) - 2 * ($1.magnitude + log1p(exp(-2 * $1.magnitude))) / M_LN10 }
    }
    let determinant = try w.singularValues().map { log10($0) }.reduce(0, +)
    let sum = network.singularValues(lag: 20).reduce(0, +)
    #expect((sum - (slopes + 20 * determinant)).magnitude < 1e-8)
  }

  // W has rank 1: one direction is left, whatever the units do; nothing is left of the others.
  @Test func aSingularMatrixGivesExactZeros() {
    var parameters = SaturatedNetwork.fiveUnits.parameters
    for i in 0..<5 {
      for j in 0..<5 { parameters.weightHH[i, j] = Double(i + 1) * [3, -1, 2, 5, 4][j] / 8 }
    }
    let network = SaturatedNetwork(.rnn, parameters: parameters, inputs: SaturatedNetwork.fiveUnits.inputs)
    for lag in [1, 7] {
      let found = network.singularValues(lag: lag)
      #expect(found[0].isFinite)
      #expect(found.dropFirst().allSatisfy { $0 == -.infinity }, "\(found)")
    }
  }

  // W = [[1, 1 + 2^−40], [1, 1]], with one unit saturated so that σ_2 is below what rounding leaves: not known, not zero.
  @Test func whatRoundingHidesIsNotGiven() {
    let parameters = RecurrentParameters(
      weightIH: Matrix(rows: 2, columns: 1, values: [0, 0]),
      weightHH: Matrix(rows: 2, columns: 2, values: [1, 1 + 0x1p-50, 1, 1]), biasIH: [0, 0], biasHH: [0, 12])
    let network = SaturatedNetwork(.rnn, parameters: parameters, inputs: [0, 0, 0])
    let found = network.singularValues(lag: 2)
    #expect(found[0].isFinite && found[1].isNaN, "\(found)")
  }

  // c_1 = 1, and c_2 = f c_1 + i g is what exact arithmetic leaves of 1 − 1, some e^−60: in double it is 0. What the output
  // gate makes of it is not known; of c_2 = 2 it is.
  @Test(arguments: [(-1.0, false), (1, true)])
  func whatIsLeftOfADifferenceOfCellStatesIsNotGiven(second: Double, isGiven: Bool) {
    let parameters = RecurrentParameters(
      weightIH: Matrix(rows: 4, columns: 1, values: [0, 0, 60, 0]),
      weightHH: Matrix(rows: 4, columns: 1, values: [0.5, 0.5, 0.5, 0.5]), biasIH: [60, 60, 0, -60],
      biasHH: [0, 0, 0, 0])
    let network = SaturatedNetwork(.lstm, parameters: parameters, inputs: [1, second])
    let found = network.singularValues(.hidden, lag: 1)
    #expect(found.count == 1 && (isGiven ? found[0].isFinite : found[0].isNaN), "\(found)")
  }
}
