// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation
import GradientFlow
import TestSupport
import Testing

/// A stack with a reading of its outputs; prints as the id of a test argument.
struct StackCase: Sendable, CustomStringConvertible {
  var cell: NaiveNetwork.Cell
  var layers, directions: Int
  var loss: NaiveLoss.Kind
  var readsFinalStates: Bool

  var description: String {
    "\(cell.rawValue) \(layers) × \(directions) \(loss)\(readsFinalStates ? "" : " of the last output")"
  }

  func stack(_ sizes: NaiveSizes = NaiveSizes(5, 2, 4, 3, seed: 7)) -> NaiveStack {
    NaiveStack(
      cell, sizes, layers: layers, directions: directions, loss: loss,
      readsFinalStates: readsFinalStates)
  }

  /// Every cell, 1–3 layers, 1–2 directions, and each way to read the outputs.
  static let all = NaiveNetwork.Cell.allCases.flatMap { cell in
    [(1, 1), (1, 2), (2, 1), (2, 2), (3, 1), (3, 2)].flatMap { layers, directions in
      [
        (NaiveLoss.Kind.finalMeanSquare, true), (.finalMeanSquare, false),
        (.crossEntropyEveryStep, true),
      ].map {
        StackCase(cell: cell, layers: layers, directions: directions, loss: $0.0, readsFinalStates: $0.1)
      }
    }
  }
}

/// The gradients of a model by everything it depends on.
private struct StackGradients {
  var loss = 0.0
  /// By layer and direction.
  var parameters: [[ParameterGradients<Double>?]]
  /// Total ∂L/∂h_t and ∂L/∂c_t [T+1, B, H] in each layer's own time.
  var hidden, cell: [[[Double]]]
  /// ∂L/∂x of each direction of layer 0, in its own time [T, B, I].
  var inputs: [[Double]]
  var readout: [Double] = []
}

extension NaiveStack {
  fileprivate func gradients(source: Int? = nil, tapeBudget: Int = 1 << 28) -> StackGradients {
    gradients(head.libraryLoss(Double.self), layers[0][0].kind.type(for: Double.self), source, tapeBudget)
  }

  private func gradients<Cell: RecurrentCell<Double>>(
    _ loss: any SequenceLoss<Double>, _ type: Cell.Type, _ source: Int?, _ tapeBudget: Int
  ) -> StackGradients {
    let network = pass(type, tapeBudget: tapeBudget)
    let empty = layers.map { $0.map { _ in [Double]() } }
    var found = StackGradients(
      parameters: layers.map { $0.map { _ in nil } }, hidden: empty, cell: empty,
      inputs: layers[0].map { _ in [] })
    let part = source.map { StepLoss(whole: loss, step: $0) }
    let result = network.backward(loss: part ?? loss, reading: reading) { walk in
      let (l, d) = (walk.place.layer, walk.place.direction.index)
      let (pass, shape) = (walk.layer, walk.layer.pass.shape)
      var recorder = GradientRecorder<Double>(
        shape: shape, gateCount: Cell.gateCount, carriesCellState: Cell.carriesCellState)
      let result = walk.backward(calling: &recorder)
      found.parameters[l][d] = result.gradients
      found.hidden[l][d] = recorder.gradients.hidden
      found.cell[l][d] = recorder.gradients.cell
      if l == 0 {
        // Of the first layer no one asks for them but here.
        let inputs = InputGradients(shape: shape, parameters: pass.pass.cell.parameters)
        _ = pass.pass.backward(loss: walk.loss, inputGradients: inputs)
        found.inputs[d] = inputs.values.indices.map {
          scalbn(inputs.values[$0], inputs.exponents[$0 / shape.inputSize])
        }
      }
      return result
    }
    found.loss = result.loss
    found.readout =
      (result.gradients["readout.weight"]?.doubles ?? []) + (result.gradients["readout.bias"]?.doubles ?? [])
    return found
  }

  /// A gradient by a group of variables of a layer, in the naive network's order.
  fileprivate func gradient(
    _ found: StackGradients, _ layer: Int, _ direction: Int, _ variable: NaiveVariable
  ) -> [Double] {
    let count = layers[0][0].shape.stateCount
    let own = found.parameters[layer][direction]
    switch variable {
    case .W_ih: return own?.weightIH.doubles ?? []
    case .W_hh: return own?.weightHH.doubles ?? []
    case .b_ih: return own?.biasIH.doubles ?? []
    case .b_hh: return own?.biasHH.doubles ?? []
    case .h_0: return Array(found.hidden[layer][direction].prefix(count))
    case .c_0: return Array(found.cell[layer][direction].prefix(count))
    default: return []
    }
  }
}

@Suite("Networks of several layers and directions")
struct NetworkPassTests {
  static let variables: [NaiveVariable] = [.W_ih, .W_hh, .b_ih, .b_hh, .h_0, .c_0]

  // MARK: - Forward

  @Test(arguments: StackCase.all.filter { $0.readsFinalStates })
  func outputsAreThoseOfTheNaiveStack(_ item: StackCase) {
    let stack = item.stack(NaiveSizes(5, 3, 2, 4, seed: 8))
    outputs(stack.layers[0][0].kind.type(for: Double.self), stack)
  }

  private func outputs<Cell: RecurrentCell<Double>>(_ type: Cell.Type, _ stack: NaiveStack) {
    let pass = stack.pass(type)
    let naive = stack.forward()
    #expect(pass.divergence == nil && pass.layers.count == stack.layers.count)
    // At most 6 passes of 5 steps, each exact to a few rounding errors of numbers near 1.
    let all = naive.outputs.flatMap { $0.flatMap { $0 } }
    #expect(difference(pass.outputs, all, relative: 1e-12, absolute: 1e-14) == nil)
    let states = pass.finalState.layers[stack.layers.count - 1].map(\.hidden)
    let hidden = stack.layers[0][0].sizes.hiddenSize
    let final = naive.final.flatMap { $0 }
    let joined = (0..<3).flatMap { b in states.flatMap { $0[b * hidden..<(b + 1) * hidden] } }
    #expect(difference(joined, final, relative: 1e-12, absolute: 1e-14) == nil)
  }

  @Test(arguments: NaiveNetwork.Cell.allCases, [NaiveLoss.Kind.finalDot, .crossEntropyEveryStep])
  func oneLayerIsASequencePassBitForBit(cell: NaiveNetwork.Cell, loss: NaiveLoss.Kind) {
    let stack = NaiveStack(
      cell, NaiveSizes(12, 3, 2, 9, seed: 9), layers: 1, directions: 1, loss: loss)
    let found = stack.gradients()
    same(stack.layers[0][0].kind.type(for: Double.self), stack, found)
  }

  private func same<Cell: RecurrentCell<Double>>(
    _ type: Cell.Type, _ stack: NaiveStack, _ found: StackGradients
  ) {
    let network = stack.pass(type)
    var single = stack.layers[0][0].pass(type)
    let states = (1...12).flatMap { single.hiddenState($0) ?? [] }
    #expect(network.outputs == states)
    #expect(
      network.finalState.layers[0][0]
        == InitialState(hidden: Array(states.suffix(27)), cell: single.cellState(12)))
    #expect(network.state(5)?.layers[0][0].hidden == single.hiddenState(5))
    let loss = stack.head.libraryLoss(Double.self)
    for clip in [StepClip.none, .batch(threshold: 1e-2), .example(threshold: 1e-2)] {
      let (whole, expected) = (
        network.backward(loss: loss, clip: clip), single.backward(loss: loss, clip: clip)
      )
      #expect(whole.loss == expected.loss && whole.clippedFraction == expected.clippedFraction)
      #expect(whole.gradients.entries.map(\.name) == expected.gradients.named.map(\.name))
      #expect(whole.gradients.entries.map(\.gradient) == expected.gradients.named.map(\.gradient))
    }
    #expect(found.hidden[0][0].count == 13 * 27)
  }

  // MARK: - Backward

  // (L(+ε) − L(−ε)) / 2ε is off by ε² L'''/6 and ulp(L)/ε, about 1e-9 for ε = 1e-5. At most 7 entries of each group
  // of each layer, spread over it so that every gate and column comes up. The seed keeps every ReLU from its kink.
  @Test(arguments: StackCase.all)
  func gradientsMatchCentralDifferencesOfTheNaiveStack(_ item: StackCase) {
    let stack = item.stack()
    let found = stack.gradients()
    #expect((found.loss - stack.loss).magnitude < 1e-13)
    for l in stack.layers.indices {
      for d in stack.layers[l].indices {
        for variable in Self.variables {
          let gradient = stack.gradient(found, l, d, variable)
          let values = stack.layers[l][d][variable]
          #expect(gradient.count == values.count)
          let chosen = Array(stride(from: l + d, to: values.count, by: max(1, values.count / 7)))
          let slopes = chosen.map { k in
            Self.slope(stack) { $0.layers[l][d][variable][k] += $1 }
          }
          #expect(
            Self.agree(chosen.map { gradient[$0] }, slopes) == nil,
            "\(variable) of layer \(l), direction \(d)")
        }
      }
    }
    let readout = stack.head[.W_o] + stack.head.b_o
    let slopes = readout.indices.map { k in
      Self.slope(stack) {
        let weights = $0.head[.W_o].count
        if k < weights { $0.head[.W_o][k] += $1 } else { $0.head.b_o[k - weights] += $1 }
      }
    }
    #expect(Self.agree(found.readout, slopes) == nil)
  }

  // What reaches x through both directions, each in its own time.
  @Test(arguments: NaiveNetwork.Cell.allCases, [1, 2])
  func gradientsByTheInputsMatchCentralDifferences(cell: NaiveNetwork.Cell, directions: Int) {
    let stack = NaiveStack(
      cell, NaiveSizes(4, 2, 3, 2, seed: 7), layers: 2, directions: directions,
      loss: .crossEntropyEveryStep)
    let found = stack.gradients().inputs
    let row = 2 * 3
    let slopes = stack.inputs.indices.map { k in
      Self.slope(stack) {
        $0.x[k / row][k % row / 3][k % 3] += $1
      }
    }
    let sums = stack.inputs.indices.map { k -> Double in
      let mirrored = (3 - k / row) * row + k % row
      return found[0][k] + (directions == 2 ? found[1][mirrored] : 0)
    }
    #expect(Self.agree(sums, slopes) == nil)
  }

  // L(θ + ε d) − L(θ − ε d) − 2 ε ∇L·d is third order, with everything moving at once.
  @Test(arguments: StackCase.all.filter { $0.layers > 1 && $0.cell != .relu })
  func slopesAreRightToThirdOrder(_ item: StackCase) {
    let stack = item.stack(NaiveSizes(4, 2, 2, 3, seed: 10))
    let found = stack.gradients()
    var stream = RandomStream(rootSeed: 7, trialSeed: 7, purpose: .other(7))
    var slope = 0.0
    var steps: [(Int, Int, NaiveVariable, [Double])] = []
    for l in stack.layers.indices {
      for d in stack.layers[l].indices {
        for variable in Self.variables where !stack.layers[l][d][variable].isEmpty {
          let gradient = stack.gradient(found, l, d, variable)
          let step = stream.normals(gradient.count, standardDeviation: 0.2)
          steps.append((l, d, variable, step))
          slope += Double.dot(gradient, step)
        }
      }
    }
    func loss(_ size: Double) -> Double {
      var moved = stack
      for (l, d, variable, step) in steps {
        moved.layers[l][d][variable] = zip(moved.layers[l][d][variable], step).map { $0 + size * $1 }
      }
      return moved.loss
    }
    let remainders = [7, 9].map { power -> Double in
      let size = scalbn(1.0, -power)
      return (loss(size) - loss(-size) - 2 * size * slope).magnitude
    }
    let order = log2(remainders[0] / remainders[1]) / 2
    #expect((order - 3).magnitude <= 0.1, "order \(order), remainders \(remainders)")
  }

  // ∂L/∂h_t is linear in what comes from above: the losses of single steps add up to the whole.
  @Test(arguments: NaiveNetwork.Cell.allCases, [1, 2])
  func lossesOfSingleStepsAddUp(cell: NaiveNetwork.Cell, directions: Int) {
    let stack = NaiveStack(
      cell, NaiveSizes(6, 2, 3, 4, seed: 11), layers: 2, directions: directions,
      loss: .crossEntropyEveryStep)
    let whole = stack.gradients()
    let parts = (1...6).map { stack.gradients(source: $0) }
    func close(_ a: [Double], _ parts: [[Double]]) -> String? {
      let sum = a.indices.map { k in parts.reduce(0) { $0 + $1[k] } }
      return difference(sum, a, relative: 1e-12, absolute: 1e-15)
    }
    #expect(close([whole.loss], parts.map { [$0.loss] }) == nil)
    #expect(close(whole.readout, parts.map(\.readout)) == nil)
    for l in 0..<2 {
      for d in 0..<directions {
        #expect(close(whole.hidden[l][d], parts.map { $0.hidden[l][d] }) == nil)
        #expect(close(whole.cell[l][d], parts.map { $0.cell[l][d] }) == nil)
        let weights = parts.map { $0.parameters[l][d]?.weightHH.doubles ?? [] }
        #expect(close(whole.parameters[l][d]?.weightHH.doubles ?? [], weights) == nil)
      }
    }
    // A step's loss does not reach the forward direction's later states of the last layer.
    #expect(parts[2].hidden[1][0][(4 * 8)...].allSatisfy { $0 == 0 })
    #expect(parts[2].hidden[1][0][3 * 8..<4 * 8].allSatisfy { $0 != 0 } || cell == .relu)
  }

  // MARK: - Outside the range

  // Scalars a above and b below: δ_t of the lower layer is Σ_{s ≥ t} v a^{T−s} b^{s−t}, and (T−t+1) v a^{T−t} for a = b.
  @Test(arguments: [-3, 3]) func lowerLayersKeepTheirDigitsFarOutsideTheRange(power: Int) {
    var stack = NaiveStack(
      .linear, NaiveSizes(2_000, 1, 1, 2, seed: 12), layers: 2, directions: 1, loss: .finalDot)
    Self.clear(&stack)
    let gain = scalbn(1.0, power)
    for l in 0..<2 { stack.layers[l][0].W_hh = [[gain, 0], [0, gain]] }
    stack.layers[1][0].W_ih = [[1, 0], [0, 1]]
    stack.head.loss = .finalDot(v: [3, 4])
    let norms = Self.norms(LinearCell<Double>.self, stack)
    for t in [1, 2, 1_000, 1_990, 2_000] {
      let expected = ScaledNumber(5 * Double(2_001 - t), exponent: power * (2_000 - t)).log10
      // 2,000 terms, each rounded: 2,000 · 1e-16, or 1e-13 in log10, beside 2 ulp of 1,800.
      #expect((norms[0][0].hidden[t] - expected).magnitude < 2e-12, "t = \(t)")
    }
  }

  // A unit of the upper layer that is off gives an exactly zero ∂L/∂x, whatever exponent ∂L/∂h_t has: 2^2,000 here. The
  // lower layer gets zeros from it, and what the other direction sends.
  @Test(arguments: [1, 2]) func aUnitThatIsOffSendsZerosDownAtAnyScale(directions: Int) {
    var stack = NaiveStack(
      .relu, NaiveSizes(6, 2, 1, 1, seed: 13), layers: 2, directions: directions, loss: .finalDot)
    Self.clear(&stack)
    for d in 0..<directions {
      stack.layers[0][d].b_ih = [1]
      stack.layers[1][d].W_ih = [[Double](repeating: 1, count: directions)]
      stack.layers[1][d].b_ih = [d == 0 ? -1_000 : 1]
    }
    let network = stack.pass(ReLUCell<Double>.self)
    let upstream = UpstreamGradient<Double>(
      values: Array(repeating: 3, count: 12 * directions), exponents: Array(repeating: 2_000, count: 12))
    var hidden: [[Double]] = []
    _ = network.backward(loss: upstream) { walk in
      let found = walk.diagnose()
      if walk.place.layer == 0 { hidden.append(Array(found.steps.hidden[1...])) }
      return found.result
    }
    // ∂L/∂x_t = 3 · 2^2,000 at every step of both elements, from the reverse direction alone.
    let expected = directions == 1 ? -.infinity : ScaledNumber(18.0.squareRoot(), exponent: 2_000).log10
    for found in hidden {
      #expect(difference(found, Array(repeating: expected, count: 6), absolute: 2e-12) == nil)
    }
    #expect(hidden.count == directions)
  }

  @Test func divergenceIsToldByLayerDirectionAndStep() {
    var stack = NaiveStack(
      .linear, NaiveSizes(400, 2, 1, 1, seed: 14), layers: 3, directions: 2, loss: .finalDot)
    Self.clear(&stack)
    for l in 0..<3 {
      for d in 0..<2 { stack.layers[l][d][.W_ih] = stack.layers[l][d][.W_ih].map { _ in 1 } }
    }
    // Only the reverse direction of the middle layer doubles its state.
    stack.layers[1][1].W_hh = [[16]]
    stack.layers[1][1].h_0 = [[0], [1]]
    let pass = stack.pass(LinearCell<Double>.self)
    // 16^t leaves the range at t = 256.
    #expect(pass.divergence?.place == LayerPlace(layer: 1, direction: .reverse))
    #expect(pass.divergence?.step == 256)
    #expect(pass.layers.count == 2)
    #expect(pass.layers[1].map(\.direction) == [.forward, .reverse])
  }

  // Exponents of a loss that has them reach the layers.
  @Test func aLossWithExponentsKeepsThem() {
    let stack = NaiveStack(
      .gru, NaiveSizes(5, 2, 2, 3, seed: 15), layers: 1, directions: 2, loss: .finalDot)
    let pass = stack.pass(GRUCell<Double>.self)
    var stream = RandomStream(rootSeed: 15, trialSeed: 0, purpose: .other(1))
    let values = stream.normals(5 * 2 * 6)
    let exponents = (0..<10).map { 700 * $0 - 4_000 }
    var reached: [[Int]?] = []
    _ = pass.backward(loss: UpstreamGradient(values: values, exponents: exponents)) { walk in
      reached.append((walk.loss as? UpstreamGradient<Double>)?.exponents)
      return walk.backward()
    }
    // The reverse direction in its own time, both elements of a step in their order.
    let mirrored = (0..<5).reversed().flatMap { t -> [Int] in [exponents[2 * t], exponents[2 * t + 1]] }
    #expect(reached == [exponents, mirrored])
  }

  // MARK: - Shared

  private static func agree(_ a: [Double], _ b: [Double]) -> String? {
    difference(a, b, relative: 1e-7, absolute: 2e-9)
  }

  private static func slope(
    _ stack: NaiveStack, _ change: (inout NaiveStack, Double) -> Void
  ) -> Double {
    let losses = [1e-5, -1e-5].map { size in
      var moved = stack
      change(&moved, size)
      return moved.loss
    }
    return (losses[0] - losses[1]) / 2e-5
  }

  /// Zero inputs, weights, biases and initial states.
  private static func clear(_ stack: inout NaiveStack) {
    for l in stack.layers.indices {
      for d in stack.layers[l].indices {
        for variable in variables {
          stack.layers[l][d][variable] = stack.layers[l][d][variable].map { _ in 0 }
        }
      }
    }
    stack.x = stack.x.map { $0.map { $0.map { _ in 0 } } }
  }

  private static func norms<Cell: RecurrentCell<Double>>(
    _ type: Cell.Type, _ stack: NaiveStack
  ) -> [[StepGradients]] {
    let network = stack.pass(type)
    var found: [[StepGradients]] = stack.layers.map { _ in [] }
    _ = network.backward(loss: stack.head.libraryLoss(Double.self), reading: stack.reading) { walk in
      let diagnosis = walk.diagnose()
      found[walk.place.layer].append(diagnosis.steps)
      return diagnosis.result
    }
    return found
  }
}
