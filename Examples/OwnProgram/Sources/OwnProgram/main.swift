import GradientFlow

// How fast does the gradient of an LSTM decay, against that of a tanh RNN on the same inputs?

let shape = SequenceShape(steps: 100, batch: 16, inputSize: 16, hiddenSize: 64)
let sample = try GaussianNoise(inputSize: shape.inputSize)
  .sample(Float.self, steps: shape.steps, batch: shape.batch, rootSeed: 0, seed: 1)
let loss = FinalDotLoss<Float>(direction: Array(repeating: 1, count: shape.hiddenSize))

func decay<Cell: RecurrentCell>(_ type: Cell.Type, _ kind: CellKind) throws -> DecayRate?
where Cell.Element == Float {
  let recipe = ParameterRecipe(
    cell: kind, hiddenSize: shape.hiddenSize, inputSize: shape.inputSize, spectralRadius: 1,
    forgetBias: 1, seed: 1)
  let cell = Cell(parameters: try recipe.parameters().converted(to: Float.self))
  var pass = SequencePass(cell: cell, shape: shape, inputs: sample.inputs.dense)
  return pass.diagnose(loss: loss).steps.decayRate
}

// A probe of one's own: the largest entry of the total gradient of the hidden state at each step.
struct LargestEntry: BackwardProbe {
  var log10: [Double] = []

  mutating func arrive(_ arrival: GradientArrival<Float>) {
    var largest = ScaledNumber.zero
    for b in 0..<arrival.batch {
      for k in 0..<arrival.total.width { largest = max(largest, arrival.total[b, k].magnitude) }
    }
    log10.append(largest.log10)
  }
}

guard let rnn = try decay(TanhCell<Float>.self, .rnn), let lstm = try decay(LSTMCell<Float>.self, .lstm)
else { fatalError("no gradients") }
print("rnn   \(rnn.rate) decades a step, half-life \(rnn.halfLife ?? .infinity) steps")
print("lstm  \(lstm.rate) decades a step, half-life \(lstm.halfLife ?? .infinity) steps")

let recipe = ParameterRecipe(
  cell: .gru, hiddenSize: shape.hiddenSize, inputSize: shape.inputSize, spectralRadius: 1, seed: 1)
var pass = SequencePass(
  cell: GRUCell(parameters: try recipe.parameters().converted(to: Float.self)), shape: shape,
  inputs: sample.inputs.dense)
var probe = LargestEntry()
_ = pass.backward(loss: loss, probe: &probe)
print("gru   largest entry of ∂L/∂h_0: 10^\(probe.log10.last ?? .nan)")
precondition(rnn.rate < lstm.rate && lstm.rate < 0, "at spectral radius 1 an LSTM decays more slowly")
