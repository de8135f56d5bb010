import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Step Jacobians")
struct StateJacobianTests {
  static let cells = NaiveNetwork.Cell.allCases
  /// H is no multiple of 8 and differs from I, B and k.
  static let sizes = [NaiveSizes(4, 3, 2, 5, seed: 61), NaiveSizes(3, 2, 4, 17, seed: 62)]

  private static func network(_ cell: NaiveNetwork.Cell, _ sizes: NaiveSizes) -> NaiveNetwork {
    NaiveNetwork(cell, sizes, loss: .finalDot)
  }

  /// State vectors side by side, [count, n].
  private static func vectors(_ count: Int, _ seed: UInt64) -> [Double] {
    var stream = RandomStream(rootSeed: 5, trialSeed: seed, purpose: .tangentVectors)
    return stream.normals(count)
  }

  // (F(s + εv) − F(s − εv)) / 2ε is off by ε² F'''/6 + 1e-16/ε, about 1e-10 for ε = 1e-5.
  @Test(arguments: cells, sizes)
  func tangentsMatchCentralDifferencesOfTheForwardStep(cell: NaiveNetwork.Cell, sizes: NaiveSizes) {
    let network = Self.network(cell, sizes)
    compare(network.kind.type(for: Double.self), network)
  }

  private func compare<Cell: RecurrentCell<Double>>(_ type: Cell.Type, _ network: NaiveNetwork) {
    var pass = network.pass(type)
    let (count, epsilon, h) = (3, 1e-5, network.sizes.hiddenSize)
    let jacobian = StateJacobian(cell: pass.cell, count: count)
    let n = jacobian.stateSize
    #expect(n == (network.cell == .lstm ? 2 * h : h))
    let i = network.sizes.inputSize
    let one = SequenceShape(steps: 1, batch: 2 * count, inputSize: i, hiddenSize: h)
    let vectors = Self.vectors(count * n, 1)
    pass.visitSteps(.ascending) { step in
      for element in 0..<network.sizes.batch {
        jacobian.load(step, element: element)
        var tangents = vectors
        jacobian.apply(to: &tangents)
        // All 2k neighbours are one batch: h_{t−1} and c_{t−1} moved along each vector.
        func neighbours(_ state: UnsafePointer<Double>, from first: Int) -> [Double] {
          (0..<count).flatMap { j in
            [epsilon, -epsilon].flatMap { size in
              (0..<h).map { state[element * h + $0] + size * vectors[j * n + first + $0] }
            }
          }
        }
        let x = (0..<i).map { step.input[element * i + $0] }
        let moved = SequencePass(
          cell: Cell(parameters: network.parameters(Double.self)), shape: one,
          inputs: (0..<2 * count).flatMap { _ in x },
          initialState: InitialState(
            hidden: neighbours(step.previousHidden, from: 0),
            cell: step.previousCell.map { neighbours($0, from: h) }))
        let (hidden, cell) = (moved.hiddenState(1) ?? [], moved.cellState(1) ?? [])
        var slopes: [Double] = []
        for j in 0..<count {
          for state in [hidden, cell] where !state.isEmpty {
            slopes += (0..<h).map {
              (state[2 * j * h + $0] - state[(2 * j + 1) * h + $0]) / (2 * epsilon)
            }
          }
        }
        #expect(
          difference(tangents, slopes, absolute: 2e-9) == nil, "t = \(step.time), b = \(element)")
      }
    }
  }

  // ⟨u, J v⟩ = ⟨Jᵀ u, v⟩: sums of n products, each side rounded in its own order.
  @Test(arguments: cells, sizes + [NaiveSizes(2, 4, 1, 33, seed: 63), NaiveSizes(1, 1, 1, 1)])
  func transposesAreAdjoint(cell: NaiveNetwork.Cell, sizes: NaiveSizes) {
    let network = Self.network(cell, sizes)
    adjoint(network.kind.type(for: Double.self), network, tolerance: 1e-13)
    adjoint(network.kind.type(for: Float.self), network, tolerance: 1e-4)
  }

  private func adjoint<Cell: RecurrentCell>(
    _ type: Cell.Type, _ network: NaiveNetwork, tolerance: Double
  ) {
    var pass = network.pass(type)
    let count = 4
    let jacobian = StateJacobian(cell: pass.cell, count: count)
    let n = jacobian.stateSize
    let v = Cell.Element.array(Self.vectors(count * n, 2))
    let u = Cell.Element.array(Self.vectors(count * n, 3))
    pass.visitSteps(.descending) { step in
      for element in 0..<network.sizes.batch {
        jacobian.load(step, element: element)
        var (forward, backward) = (v, u)
        jacobian.apply(to: &forward)
        jacobian.applyTransposed(to: &backward)
        for j in 0..<count {
          let rows = j * n..<(j + 1) * n
          let left = Cell.Element.dot(Array(u[rows]), Array(forward[rows]))
          let right = Cell.Element.dot(Array(backward[rows]), Array(v[rows]))
          let size =
            Cell.Element.euclideanNorm(Array(u[rows]))
            * Cell.Element.euclideanNorm(Array(forward[rows]))
          #expect((left - right).magnitude <= tolerance * size, "t = \(step.time), \(type)")
        }
      }
    }
  }

  // J_1ᵀ … J_Tᵀ (∂L/∂h_T, 0): each batch element along its own trajectory. With the same products of the same
  // shapes the bits could only differ by the library's powers of two.
  @Test(arguments: cells, [NaiveSizes(6, 3, 2, 5, seed: 64), NaiveSizes(9, 4, 3, 16, seed: 65)])
  func theirProductIsBackpropagation(cell: NaiveNetwork.Cell, sizes: NaiveSizes) {
    let network = Self.network(cell, sizes)
    travel(network.kind.type(for: Double.self), network)
  }

  private func travel<Cell: RecurrentCell<Double>>(_ type: Cell.Type, _ network: NaiveNetwork) {
    var pass = network.pass(type)
    let (batch, h, last) = (network.sizes.batch, network.sizes.hiddenSize, network.sizes.steps)
    var recorder = GradientRecorder<Double>(
      shape: pass.shape, gateCount: Cell.gateCount, carriesCellState: Cell.carriesCellState)
    _ = pass.backward(loss: network.libraryLoss(Double.self), probe: &recorder)
    let recorded = recorder.gradients
    let jacobian = StateJacobian(cell: pass.cell, count: batch)
    let n = jacobian.stateSize
    var vectors = [Double](repeating: 0, count: batch * n)
    for b in 0..<batch {
      for k in 0..<h { vectors[b * n + k] = recorded.hidden[(last * batch + b) * h + k] }
    }
    func part(_ first: Int) -> [Double] {
      (0..<batch).flatMap { b in (0..<h).map { vectors[b * n + first + $0] } }
    }
    pass.visitSteps(.descending) { step in
      jacobian.loadEach(step)
      jacobian.applyTransposed(to: &vectors)
      let t = step.time - 1
      let expected = Array(recorded.hidden[t * batch * h..<(t + 1) * batch * h])
      #expect(difference(part(0), expected, relative: 1e-13, absolute: 1e-15) == nil, "t = \(t)")
      // κ_0 is all that is left for c_0; κ_t of other steps has the loss's part through h_t beside it.
      if t == 0 && Cell.carriesCellState {
        let cell = Array(recorded.cell[..<(batch * h)])
        #expect(difference(part(h), cell, relative: 1e-13, absolute: 1e-15) == nil)
      }
    }
  }

  // One vector at a time or four at once, one trajectory for all or one each: the same numbers.
  @Test(arguments: cells)
  func vectorsDoNotSeeEachOther(cell: NaiveNetwork.Cell) {
    let network = Self.network(cell, NaiveSizes(2, 3, 2, 7, seed: 66))
    separate(network.kind.type(for: Double.self), network)
  }

  private func separate<Cell: RecurrentCell<Double>>(_ type: Cell.Type, _ network: NaiveNetwork) {
    var pass = network.pass(type)
    let each = StateJacobian(cell: pass.cell, count: 3)
    let single = StateJacobian(cell: pass.cell, count: 1)
    let n = each.stateSize
    let start = Self.vectors(3 * n, 4)
    pass.visitSteps(.ascending) { step in
      each.loadEach(step)
      var (forward, backward) = (start, start)
      each.apply(to: &forward)
      each.applyTransposed(to: &backward)
      for j in 0..<3 {
        single.load(step, element: j)
        var (one, other) = (Array(start[j * n..<(j + 1) * n]), Array(start[j * n..<(j + 1) * n]))
        single.apply(to: &one)
        single.applyTransposed(to: &other)
        #expect(difference(one, Array(forward[j * n..<(j + 1) * n]), absolute: 1e-14) == nil)
        #expect(difference(other, Array(backward[j * n..<(j + 1) * n]), absolute: 1e-14) == nil)
      }
    }
  }
}
