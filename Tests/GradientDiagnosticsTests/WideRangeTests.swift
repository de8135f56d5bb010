import Foundation
import GradientFlow
import TestSupport
import Testing

/// A random network whose gradients may lie anywhere.
struct WideCase: Sendable, CustomTestStringConvertible {
  /// How W_hh is made.
  enum Weights: String, CaseIterable {
    case gaussian, orthogonal, identity, diagonal, blocks
  }

  let cell: CellKind
  let weights: Weights
  let radius, inputScale, forgetBias: Double
  let steps: Int
  let seed: UInt64

  var testDescription: String {
    "\(cell.rawValue) \(weights.rawValue) ρ \(radius) s \(inputScale) b_f \(forgetBias) T \(steps) seed \(seed)"
  }

  static let shape = (batch: 2, inputs: 3, hidden: 6)

  /// Cells × weights × scales up to deep saturation, and long sequences of some.
  static func all(seeds: Range<UInt64>) -> [WideCase] {
    var cases: [WideCase] = []
    for cell in CellKind.allCases {
      for weights in Weights.allCases {
        for (radius, scale) in [(0.5, 1.0), (1.5, 6), (5, 30), (3, 400)] {
          for seed in seeds {
            cases.append(
              WideCase(
                cell: cell, weights: weights, radius: radius, inputScale: scale,
                forgetBias: scale == 6 ? 3 : 0, steps: 60, seed: seed))
          }
        }
      }
    }
    return cases
  }

  func parameters() throws -> RecurrentParameters<Double> {
    let (_, inputs, hidden) = Self.shape
    let recipe = ParameterRecipe(
      cell: cell, hiddenSize: hidden, inputSize: inputs,
      initializer: Initializer(rawValue: weights.rawValue) ?? .identity, spectralRadius: radius,
      inputScale: inputScale, forgetBias: forgetBias, seed: seed)
    var parameters = try recipe.parameters()
    guard weights == .diagonal || weights == .blocks else { return parameters }
    // Radii that differ by unit; or two blocks that do not meet, of which one is five times the other.
    var values = parameters.weightHH.values
    let full = try ParameterRecipe(
      cell: cell, hiddenSize: hidden, inputSize: inputs, spectralRadius: radius, seed: seed
    ).parameters().weightHH.values
    for row in 0..<parameters.weightHH.rows {
      for column in 0..<hidden {
        let k = row % hidden
        if weights == .diagonal {
          values[row * hidden + column] = k == column ? radius / (Double(k) + 1.3) : 0
        } else {
          let together = (k < hidden / 2) == (column < hidden / 2)
          values[row * hidden + column] =
            together ? full[row * hidden + column] / (k < hidden / 2 ? 1 : 5) : 0
        }
      }
    }
    parameters.weightHH = Matrix(rows: parameters.weightHH.rows, columns: hidden, values: values)
    return parameters
  }

  /// What is off by more than rounding between the library and logarithms; nil if nothing is.
  func fault<Element: Scalar>(_ type: Element.Type) throws -> String? {
    let parameters = try parameters().converted(to: type)
    func look<Cell: RecurrentCell>(_ type: Cell.Type) -> String? where Cell.Element == Element {
      let (batch, inputs, hidden) = Self.shape
      let shape = SequenceShape(steps: steps, batch: batch, inputSize: inputs, hiddenSize: hidden)
      let x = RandomStream(rootSeed: 1, trialSeed: seed, purpose: .inputs)
      var stream = x
      let v = (0..<hidden).map { 0.3 + Double($0) / 7 }
      var pass = SequencePass(
        cell: Cell(parameters: parameters), shape: shape,
        inputs: Element.array(stream.normals(shape.inputCount)))
      guard pass.divergedAt == nil else { return nil }
      var random = RandomStream(rootSeed: 5, trialSeed: seed, purpose: .inputs)
      let tangent = random.normals(hidden * (Cell.carriesCellState ? 2 : 1))
      let oracle = LogarithmicBackward(
        of: &pass, direction: Element.doubles(Element.array(v)),
        tangent: Element.doubles(Element.array(tangent)))
      let found = pass.diagnose(loss: FinalDotLoss(direction: Element.array(v)))
      let gradients = found.result.gradients
      // Rounding adds up over steps: an ulp of the preactivation, times its size, in every factor; and it grows where terms
      // cancel. In float a GRU's h − n is what rounding made of two states, unless both are saturated: its update gate has
      // no more digits than that.
      let ulp = Double(Element.ulpOfOne)
      let isRough = cell == .gru && Element.self == Float.self
      let rounding = ulp * max(10, inputScale) * radius
      func differ(_ name: String, _ a: [Double], _ b: [LogarithmicNorm]) -> String? {
        // Logarithms of logarithms have errors of their own, 1e-13 or so.
        difference(
          a, b, relative: max(cell == .gru ? 1e-9 : 1e-12, 40 * ulp),
          absolute: max(1e-9, (isRough ? 2000 : 200) * rounding), rounding: rounding
        ).map { "\(name): \($0)" }
      }
      let steps = found.steps
      random = RandomStream(rootSeed: 5, trialSeed: seed, purpose: .inputs)
      let rates = pass.leadingExponent(elements: 1, transient: 0, stream: &random)
      return differ("exponent", rates.byElement, [oracle.exponent]) ?? differ(
        "h", steps.hidden, oracle.hidden)
        ?? (Cell.carriesCellState ? differ("c", steps.cell, oracle.cell) : nil)
        ?? (isRough ? nil : differ("gates", steps.preactivationByGate, oracle.gates.flatMap { $0 }))
        ?? (isRough ? nil : differ("contributions W_hh", steps.weightHH, oracle.weightHH))
        ?? (isRough ? nil : differ("contributions W_ih", steps.weightIH, oracle.weightIH))
        ?? differ(
          "totals", [gradients.weightHH, gradients.weightIH, gradients.biasIH].map(\.norm.log10),
          [oracle.totalHH, oracle.totalIH, oracle.totalBias])
    }
    func open(_ type: any RecurrentCell<Element>.Type) -> String? { look(type) }
    return open(cell.type(for: type))
  }
}

@Suite("Gradients of any size, component by component")
struct WideRangeTests {
  @Test(arguments: WideCase.all(seeds: 0..<1))
  func doublePrecisionAgreesWithLogarithms(_ item: WideCase) throws {
    let fault = try item.fault(Double.self)
    #expect(fault == nil)
  }

  @Test(arguments: WideCase.all(seeds: 0..<1))
  func singlePrecisionAgreesWithLogarithms(_ item: WideCase) throws {
    let fault = try item.fault(Float.self)
    #expect(fault == nil)
  }

  @Test(arguments: [WideCase.Weights.identity, .diagonal, .orthogonal], CellKind.allCases)
  func longSequencesAgreeWithLogarithms(_ weights: WideCase.Weights, _ cell: CellKind) throws {
    let item = WideCase(
      cell: cell, weights: weights, radius: cell == .rnnRelu || cell == .rnnLinear ? 0.9 : 2.5, inputScale: 5,
      forgetBias: 0, steps: 20_000, seed: 3)
    let single = try item.fault(Float.self)
    let double = try item.fault(Double.self)
    #expect(single == nil)
    #expect(double == nil)
  }

  /// What a saturated GRU's states lack to ±1 is carried from the first step, over checkpoints too, and not into the next
  /// pass on the same memory.
  @Test func whatStatesLackIsCarriedOverCheckpointsAndForgottenByTheNextPass() throws {
    let saturated = WideCase(
      cell: .gru, weights: .gaussian, radius: 3, inputScale: 40, forgetBias: 0, steps: 4000, seed: 2)
    let (batch, inputs, hidden) = WideCase.shape
    let shape = SequenceShape(steps: saturated.steps, batch: batch, inputSize: inputs, hiddenSize: hidden)
    let cell = GRUCell(parameters: try saturated.parameters())
    var stream = RandomStream(rootSeed: 1, trialSeed: 2, purpose: .inputs)
    let x = stream.normals(shape.inputCount)
    let loss = FinalDotLoss(direction: (0..<hidden).map { 0.3 + Double($0) })
    func steps(_ pass: inout SequencePass<GRUCell<Double>>) -> StepGradients {
      pass.diagnose(loss: loss).steps
    }
    var whole = SequencePass(cell: cell, shape: shape, inputs: x)
    var pieces = SequencePass(cell: cell, shape: shape, inputs: x, tapeBudget: 1 << 14)
    #expect(!whole.plan.checkpoints && pieces.plan.checkpoints)
    let expected = steps(&whole)
    #expect(expected.preactivationByGate == steps(&pieces).preactivationByGate)

    let small = x.map { $0 / 100 }
    var fresh = SequencePass(cell: cell, shape: shape, inputs: small)
    whole.run(inputs: small)
    #expect(steps(&whole).preactivationByGate == steps(&fresh).preactivationByGate)
    whole.run(inputs: x)
    #expect(steps(&whole).preactivationByGate == expected.preactivationByGate)
  }
}
