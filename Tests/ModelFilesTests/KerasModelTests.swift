import Foundation
import LinearAlgebra
import ModelFiles
import RecurrentCells
import TestSupport
import Testing

@Suite("Trained models in Keras's layout")
struct KerasModelTests {
  /// The equations of keras.layers.SimpleRNN, LSTM and GRU (reset_after=True), with its names and orders: the hidden
  /// states of one sequence.
  private static func kerasStates(_ tensors: ModelTensors, gates: Int, inputs x: [[Double]]) throws
    -> [[Double]]
  {
    let path = "model/rnn/cell/"
    let kernel = try #require(tensors[path + "kernel"])
    let recurrent = try #require(tensors[path + "recurrent_kernel"])
    let units = recurrent.shape[0]
    let columns = gates * units
    let bias = tensors[path + "bias"]?.values ?? [Double](repeating: 0, count: 2 * columns)
    func times(_ row: [Double], _ matrix: [Double]) -> [Double] {
      (0..<columns).map { j in row.indices.reduce(0) { $0 + row[$1] * matrix[$1 * columns + j] } }
    }
    func sigmoid(_ a: Double) -> Double { 1 / (1 + exp(-a)) }
    var (h, c) = ([Double](repeating: 0, count: units), [Double](repeating: 0, count: units))
    return x.map { input in
      let (u, v) = (times(input, kernel.values), times(h, recurrent.values))
      h = (0..<units).map { k in
        func sum(_ gate: Int) -> Double { u[gate * units + k] + v[gate * units + k] + bias[gate * units + k] }
        switch gates {
        case 4:
          // i, f, c, o
          c[k] = sigmoid(sum(1)) * c[k] + sigmoid(sum(0)) * tanh(sum(2))
          return sigmoid(sum(3)) * tanh(c[k])
        case 3:
          // z, r, h; the second row of the bias belongs to the recurrent side
          let side = { (gate: Int) in v[gate * units + k] + bias[columns + gate * units + k] }
          let z = sigmoid(u[k] + bias[k] + side(0))
          let r = sigmoid(u[units + k] + bias[units + k] + side(1))
          let candidate = tanh(u[2 * units + k] + bias[2 * units + k] + r * side(2))
          return z * h[k] + (1 - z) * candidate
        default: return tanh(sum(0))
        }
      }
      return h
    }
  }

  @Test(arguments: [(NaiveNetwork.Cell.tanh, 1), (.gru, 3), (.lstm, 4)], [true, false])
  func statesAreThoseOfKerasEquations(cell: (kind: NaiveNetwork.Cell, gates: Int), hasBias: Bool) throws {
    let tensors = ModelTensors.keras(gates: cell.gates, inputs: 2, hidden: 3, hasBias: hasBias)
    let trained = try TrainedModel(tensors.archive())
    #expect(trained.layout == .keras && trained.prefix == "model/rnn/cell")
    #expect(trained.model.cell.rawValue == cell.kind.rawValue)
    let parameters = trained.model.layers[0][0]

    var network = NaiveNetwork(cell.kind, NaiveSizes(5, 1, 2, 3), loss: .finalDot, hasInitialState: false)
    func rows(_ matrix: Matrix<Double>) -> [[Double]] {
      (0..<matrix.rows).map { matrix.rowBlock($0..<$0 + 1).values }
    }
    (network.W_ih, network.W_hh) = (rows(parameters.weightIH), rows(parameters.weightHH))
    (network.b_ih, network.b_hh) = (parameters.biasIH, parameters.biasHH)
    let expected = try Self.kerasStates(tensors, gates: cell.gates, inputs: network.x.map { $0[0] })
    let states = network.forward().h.dropFirst().flatMap { $0[0] }
    #expect(difference(states, expected.flatMap(\.self), relative: 1e-14, absolute: 1e-15) == nil)
  }

  @Test func namesMayBeThoseOfAnyVersion() throws {
    let plain = ModelTensors.keras(gates: 4)
    let expected = try TrainedModel(plain.archive()).model
    for (path, end) in [("rnn/cell", ":0"), ("_torch_params.enc.cell", ""), ("rnn", ""), ("a/b/c/d", ":0")] {
      var renamed = plain
      for index in renamed.tensors.indices {
        let variable = renamed.tensors[index].name.dropFirst("model/rnn/cell/".count)
        renamed.tensors[index].name = path + (path.contains(".") ? "." : "/") + variable + end
      }
      #expect(try TrainedModel(renamed.archive()).model == expected)
    }
  }

  @Test func layersAreInTheOrderOfTheirNumbers() throws {
    var tensors = ModelTensors()
    for layer in (1...11).reversed() {
      tensors.addKeras(gates: 3, inputs: 3, path: "m/gru_\(layer)/gru_cell")
    }
    tensors.addKeras(gates: 3, inputs: 2, path: "m/gru/gru_cell")
    let trained = try TrainedModel(tensors.archive())
    #expect(trained.prefix == "m" && trained.model.layers.count == 12)
    for layer in 1...11 {
      let one = try TrainedModel(tensors.archive(), prefix: "m/gru_\(layer)")
      #expect(one.model.layers == [trained.model.layers[layer]])
      #expect(one.prefix == "m/gru_\(layer)/gru_cell")
    }
    #expect(
      trained.notes.first
        == "12 layers, taken as a stack in this order: \"m/gru/gru_cell\", \"m/gru_1/gru_cell\", "
        + "\"m/gru_2/gru_cell\", \"m/gru_3/gru_cell\" and 8 more; each reads, at every step, what the one before it gives"
    )
  }

  /// Of two layers with names of their own, the one that reads the inputs is first.
  @Test func twoNamedLayersFollowByTheirShapes() throws {
    var tensors = ModelTensors.keras(gates: 4, inputs: 2, path: "zeta")
    tensors.addKeras(gates: 4, inputs: 3, path: "alpha")
    let trained = try TrainedModel(tensors.archive())
    #expect(trained.model.layers.count == 2 && trained.model.inputSize == 2)
  }

  @Test func bidirectionalLayersHaveBothDirections() throws {
    var tensors = ModelTensors()
    for (layer, number) in ["", "_1"].enumerated() {
      // Keras 2 numbers the cells of both directions through.
      for (direction, cell) in [("backward", 2 * layer + 1), ("forward", 2 * layer)] {
        tensors.addKeras(
          gates: 4, inputs: layer == 0 ? 2 : 6,
          path: "bidirectional\(number)/\(direction)_lstm\(number)/lstm_cell_\(cell)")
      }
    }
    let trained = try TrainedModel(tensors.archive())
    #expect(trained.model.layers.map(\.count) == [2, 2] && trained.model.outputSize == 6)
    let reverse = tensors["bidirectional_1/backward_lstm_1/lstm_cell_3/bias"]?.values
    #expect(trained.model.layers[1][1].biasIH == reverse)
    #expect(trained.notes.contains("merge_mode is not stored: concat is assumed"))
    let forward = try TrainedModel(tensors.archive(), prefix: "bidirectional/forward_lstm")
    #expect(forward.model.layers == [[trained.model.layers[0][0]]])
  }

  @Test func layersOfDifferentKindsAndWidthsAreModules() throws {
    var tensors = ModelTensors.keras(gates: 4, inputs: 2, path: "bi/forward_lstm")
    tensors.addKeras(gates: 4, inputs: 2, path: "bi/backward_lstm")
    tensors.addKeras(gates: 3, inputs: 6, path: "gru_1")
    let trained = try TrainedModel(tensors.archive())
    #expect(trained.modules.map(\.model.cell) == [.lstm, .gru])
    #expect(trained.modules.map(\.model.directions.count) == [2, 1])
    #expect(trained.modules.map(\.prefix) == ["bi", "gru_1"])
    #expect(trained.inputSize == 2 && trained.model.outputSize == 3)
  }

  @Test func aDenseLayerIsTheReadoutTransposed() throws {
    let tensors = ModelTensors.keras(gates: 1, inputs: 3).adding("model/dense/kernel", [3, 2])
      .adding("model/dense/bias", [2])
    let trained = try TrainedModel(tensors.archive())
    let kernel = try #require(tensors["model/dense/kernel"]).values
    #expect(trained.readoutPrefix == "model/dense")
    #expect(trained.readout?.weight.values == [0, 2, 4, 1, 3, 5].map { kernel[$0] })
    #expect(trained.readout?.bias == tensors["model/dense/bias"]?.values)
    #expect(try TrainedModel(tensors.archive(), readout: "dense").readout == trained.readout)
  }

  @Test func whatKerasDoesNotStoreIsSaid() throws {
    let gru = try TrainedModel(ModelTensors.keras(gates: 3, hasBias: false).archive())
    #expect(
      gru.notes == ["no biases are stored: they are zero; reset_after=True is assumed"])
    let rnn = try TrainedModel(ModelTensors.keras(gates: 1).archive(), nonlinearity: .relu)
    #expect(rnn.model.cell == .rnnRelu && rnn.notes == [])
  }
}
