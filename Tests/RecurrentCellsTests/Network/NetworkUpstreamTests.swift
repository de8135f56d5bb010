import LinearAlgebra
import RecurrentCells
import TestSupport
import Testing

/// What comes back from elsewhere, against central differences of the function that it is the gradient of:
/// L = Σ G · outputs + Σ P · h_T + Σ Q · c_T over all layers and directions.
@Suite("Gradients that come from elsewhere") struct NetworkUpstreamTests {
  struct Setting: Sendable, CustomTestStringConvertible {
    let kind: CellKind
    let layers, directions: Int
    let isRagged: Bool
    var testDescription: String {
      "\(kind.rawValue), \(layers) layers, \(directions) directions, ragged: \(isRagged)"
    }
  }

  static let settings: [Setting] = [CellKind.rnn, .gru, .lstm].flatMap { kind in
    [(1, 1, false), (1, 2, true), (2, 1, true), (2, 2, false), (3, 2, true)].map {
      Setting(kind: kind, layers: $0.0, directions: $0.1, isRagged: $0.2)
    }
  }

  /// A network on random numbers, with the coefficients of L.
  private struct Linear<Cell: RecurrentCell> where Cell.Element == Double {
    var network: Network<Double>
    var inputs: NetworkInputs<Double>
    let outputs: [Double]
    let hidden, cell: [[[Double]]]

    var value: Double {
      let pass = NetworkPass<Cell>()
      pass.run(network, on: inputs)
      var sum = Double.dot(outputs.count, outputs, pass.outputs)
      for (l, layer) in pass.finalState.layers.enumerated() {
        for (d, state) in layer.enumerated() {
          sum += Double.dot(state.hidden.count, hidden[l][d], state.hidden)
          if let own = state.cell { sum += Double.dot(own.count, cell[l][d], own) }
        }
      }
      return sum
    }

    func gradient() -> NetworkBackwardResult<Double> {
      let pass = NetworkPass<Cell>()
      pass.run(network, on: inputs)
      let size = network.recurrent.hiddenSize
      let final = hidden.indices.map { l in
        hidden[l].indices.map { d in
          StateGradients(
            hidden: ScaledRows(width: size, values: hidden[l][d]),
            cell: Cell.carriesCellState
              ? FinalCellGradient(values: cell[l][d], batch: inputs.shape.batch) : nil)
        }
      }
      let upstream = NetworkUpstream(
        outputs: ScaledRows(width: network.recurrent.outputSize, values: outputs), finalStates: final)
      return pass.backward(upstream: upstream, givesInputs: true) { $0.backward() }
    }
  }

  private struct Check: CellVisitor {
    typealias Element = Double
    let setting: Setting

    func visit<Cell: RecurrentCell>(_ type: Cell.Type) where Cell.Element == Double {
      let model = SmallModel(setting.kind, layers: setting.layers, directions: setting.directions).model()
      let shape = setting.isRagged ? BatchShape(SequenceLengths([6, 5, 2])) : BatchShape(steps: 6, batch: 3)
      func numbers(_ count: Int, _ seed: UInt64) -> [Double] { SmallModel.numbers(count, seed: seed) }
      func states(_ seed: UInt64) -> [[[Double]]] {
        model.layers.indices.map { l in
          model.directions.indices.map { d in numbers(12, seed + UInt64(10 * l + d)) }
        }
      }
      let (h, c) = (states(200), states(300))
      let linear = Linear<Cell>(
        network: Network(model),
        inputs: NetworkInputs(
          shape: shape, inputs: .dense(numbers(shape.rowCount * 3, 2)),
          initialState: NetworkState(
            layers: zip(h, c).map { layer in
              zip(layer.0, layer.1).map {
                InitialState(hidden: $0, cell: Cell.carriesCellState ? $1 : nil)
              }
            })), outputs: numbers(shape.rowCount * model.outputSize, 3), hidden: states(400),
        cell: states(500))
      let found = linear.gradient()
      #expect(found.loss.isNaN)
      // Of all weights along one direction.
      for (k, entry) in found.gradients.entries.enumerated() {
        let direction = numbers(entry.gradient.values.count, 50 + UInt64(k))
        let expected = difference { step in
          var moved = linear
          let place = moved.network.arrayPlaces.firstIndex { $0.name == entry.name }
          var arrays = moved.network.arrays
          if let place {
            for i in direction.indices { arrays[place][i] += step * direction[i] }
          }
          moved.network.arrays = arrays
          return moved.value
        }
        isClose(Double.dot(direction.count, direction, entry.gradient.doubles), expected, entry.name)
      }
      guard case .dense(let x) = linear.inputs.inputs, let inputs = found.inputs,
        let initial = found.initialStates
      else {
        Issue.record("no gradients by inputs or states")
        return
      }
      let direction = numbers(x.count, 90)
      let expected = difference { step in
        var moved = linear
        moved.inputs.inputs = .dense(zip(x, direction).map { $0 + step * $1 })
        return moved.value
      }
      #expect(inputs.exponents.allSatisfy { $0 == 0 })
      isClose(Double.dot(x.count, direction, inputs.values), expected, "inputs")
      for (l, layer) in initial.enumerated() {
        for (d, gradients) in layer.enumerated() {
          let direction = numbers(12, 95)
          let byHidden = difference { step in
            var moved = linear
            for i in 0..<12 { moved.inputs.initialState?.layers[l][d].hidden[i] += step * direction[i] }
            return moved.value
          }
          isClose(Double.dot(12, direction, gradients.hidden?.values ?? []), byHidden, "h_0")
          guard let cell = gradients.cell else { continue }
          let byCell = difference { step in
            var moved = linear
            for i in 0..<12 { moved.inputs.initialState?.layers[l][d].cell?[i] += step * direction[i] }
            return moved.value
          }
          isClose(Double.dot(12, direction, cell.values), byCell, "c_0")
        }
      }
    }

    /// The derivative at 0, with the error of the fourth order in the step.
    private func difference(_ value: (Double) -> Double) -> Double {
      let h = 2e-4
      return (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h)
    }

    private func isClose(_ found: Double, _ expected: Double, _ name: String) {
      let error = (found - expected).magnitude / max(1, expected.magnitude)
      #expect(error < 1e-9, "\(name): \(found), by differences \(expected)")
    }
  }

  @Test(arguments: settings) func areThoseOfAllThatWasRead(_ setting: Setting) {
    setting.kind.accept(Check(setting: setting))
  }

  @Test func aLossAtTheFinalStepIsTheSameAsItsOwnGradient() {
    let model = SmallModel(.lstm, layers: 2).model()
    let direction = SmallModel.numbers(4, seed: 9)
    let inputs = NetworkInputs<Double>(
      shape: BatchShape(steps: 5, batch: 2), inputs: .dense(SmallModel.numbers(30)))
    let pass = NetworkPass<LSTMCell<Double>>()
    pass.run(Network(model), on: inputs)
    let byLoss = pass.backward(loss: FinalDotLoss(direction: direction))
    let rows = ScaledRows(width: 4, values: Array(repeating: 0, count: 32) + direction + direction)
    let upstream = NetworkUpstream(loss: byLoss.loss, outputs: rows)
    #expect(upstream.placement(of: inputs.shape) == .finalStep)
    let found = pass.backward(upstream: upstream) { $0.backward() }
    #expect(found.loss == byLoss.loss && found.gradients == byLoss.gradients)
  }
}
