import Foundation
import GradientDiagnostics
import LinearAlgebra
import RecurrentCells

/// Every number of one pass of a small tanh network through a word, letter by letter, and of the way back.
///
///     h_t = tanh(W_xh x_t + W_hh h_{t−1} + b_h),   y_t = W_hy h_t + b_y,   p_t = softmax(y_t)
///     L = −(1/T) Σ_t ln p_t[target_t]
///
///     ∂L/∂y_t = (p_t − one-hot(target_t)) / T
///     ∂L/∂h_t = W_hyᵀ ∂L/∂y_t + W_hhᵀ ∂L/∂a_{t+1},   ∂L/∂a_t = (1 − h_t²) ∂L/∂h_t
///     ∂L/∂W_hh = Σ_t ∂L/∂a_t h_{t−1}ᵀ,   ∂L/∂W_xh = Σ_t ∂L/∂a_t x_tᵀ,   ∂L/∂W_hy = Σ_t ∂L/∂y_t h_tᵀ
public struct LetterPass: Sendable {
  /// One step, from the first letter on.
  public struct Step: Sendable, Equatable {
    /// Ids of the letter that is read and of the one that is to be told.
    public let input, target: Int
    /// h_t, y_t and p_t.
    public let hidden, logits, probabilities: [Double]
    /// −ln p_t[target].
    public let loss: Double
    /// ∂L/∂y_t; what of ∂L/∂h_t comes from y_t, and the whole of it; ∂L/∂a_t.
    public let logitGradient, immediateGradient, hiddenGradient, preactivationGradient: [Double]
  }

  /// One array of weights, with what each step contributes to its gradient.
  public struct Weights: Sendable, Equatable {
    /// `W_hh`, as the equations have it.
    public let symbol: String
    /// Rows and columns; one column of a bias.
    public let rows, columns: Int
    public let values: [Double]
    /// By step, as ``values``.
    public let contributions: [[Double]]

    /// The sum over the steps.
    public var gradient: [Double] {
      values.indices.map { k in contributions.reduce(0) { $0 + $1[k] } }
    }
  }

  /// The letters, by their ids.
  public let letters: [String]
  public let steps: [Step]
  public let weights: [Weights]
  /// L.
  public var loss: Double { steps.reduce(0) { $0 + $1.loss } / Double(steps.count) }

  /// Runs a word through a network.
  ///
  /// - Parameter word: ids of its letters; the last is told only.
  /// - Precondition: one layer of tanh units that reads one-hot letters, at least two letters.
  public init(_ model: LanguageModel<Double>, word: [Int32]) {
    let network = model.network
    precondition(
      network.cell == .rnn && network.recurrent.layers.count == 1 && network.embedding == nil
        && word.count >= 2, "one layer of tanh units that reads letters, and a word of two letters or more")
    let parameters = network.recurrent.layers[0][0]
    let (steps, size, hidden) = (word.count - 1, model.vocabulary.count, parameters.hiddenSize)
    let inputs = word.dropLast().map { Int($0) }
    let targets = word.dropFirst().map { Int($0) }
    let shape = SequenceShape(steps: steps, batch: 1, inputSize: size, hiddenSize: hidden)
    let loss = CrossEntropyLoss(classes: targets, readout: network.readout, placement: .everyStep)
    var pass = SequencePass(
      cell: TanhCell(parameters: parameters), shape: shape,
      inputs: SequenceInputs<Double>.tokens(inputs, count: size).dense)
    var recorder = GradientRecorder<Double>(shape: shape, gateCount: 1, carriesCellState: false)
    _ = pass.backward(loss: loss, probe: &recorder)
    let gradients = recorder.gradients
    letters = model.vocabulary.tokens
    let states = (0...steps).map { pass.hiddenState($0) ?? [] }
    let output = network.readout
    self.steps = (1...steps).map { t in
      let h = states[t]
      let y = (0..<size).map { k in
        output.bias[k] + (0..<hidden).reduce(0) { $0 + output.weight[k, $1] * h[$1] }
      }
      let total = y.withUnsafeBufferPointer { logSumOfExponentials($0) }
      let p = y.map { exp($0 - total) }
      let target = targets[t - 1]
      let atLogits = p.indices.map { (p[$0] - ($0 == target ? 1 : 0)) / Double(steps) }
      return Step(
        input: inputs[t - 1], target: target, hidden: h, logits: y, probabilities: p,
        loss: total - y[target], logitGradient: atLogits,
        immediateGradient: (0..<hidden).map { j in
          (0..<size).reduce(0) { $0 + output.weight[$1, j] * atLogits[$1] }
        },
        hiddenGradient: Array(gradients.hidden[t * hidden..<(t + 1) * hidden]),
        preactivationGradient: Array(gradients.preactivation[(t - 1) * hidden..<t * hidden]))
    }
    weights = Self.weights(parameters, output, self.steps, states, size)
  }

  private static func weights(
    _ parameters: RecurrentParameters<Double>, _ output: Readout<Double>, _ steps: [Step],
    _ states: [[Double]], _ size: Int
  ) -> [Weights] {
    let hidden = parameters.hiddenSize
    func outer(_ rows: [Double], _ columns: [Double]) -> [Double] {
      rows.flatMap { row in columns.map { row * $0 } }
    }
    func oneHot(_ k: Int) -> [Double] { (0..<size).map { $0 == k ? 1 : 0 } }
    let bias = zip(parameters.biasIH, parameters.biasHH).map(+)
    return [
      Weights(
        symbol: "W_xh", rows: hidden, columns: size, values: parameters.weightIH.values,
        contributions: steps.map { outer($0.preactivationGradient, oneHot($0.input)) }),
      Weights(
        symbol: "W_hh", rows: hidden, columns: hidden, values: parameters.weightHH.values,
        contributions: steps.enumerated().map { t, step in outer(step.preactivationGradient, states[t]) }),
      Weights(
        symbol: "b_h", rows: hidden, columns: 1, values: bias,
        contributions: steps.map(\.preactivationGradient)),
      Weights(
        symbol: "W_hy", rows: size, columns: hidden, values: output.weight.values,
        contributions: steps.map { outer($0.logitGradient, $0.hidden) }),
      Weights(
        symbol: "b_y", rows: size, columns: 1, values: output.bias, contributions: steps.map(\.logitGradient)),
    ]
  }
}
