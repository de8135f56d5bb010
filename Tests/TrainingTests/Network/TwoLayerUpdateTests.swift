import GradientFlow
import TestSupport
import Testing

/// Two layers of one linear unit each over two steps, worked out by hand.
///
///     p_1 = w x_1 + a,  p_2 = w x_2 + a + u p_1,  q_1 = v p_1 + b,  q_2 = v p_2 + b + r q_1,  y = k q_2 + c
///     L = mean of (y − target)²,   e = ∂L/∂y = 2 (y − target) / B
///
///     ∂L/∂q_2 = e k                ∂L/∂q_1 = e k r
///     ∂L/∂p_2 = e k v              ∂L/∂p_1 = e k v (u + r)
@Suite("An update of two layers by hand")
struct TwoLayerUpdateTests {
  /// The sum of both numbers of a sequence.
  private struct Sums: LearningTask {
    var inputSize: Int { 1 }
    var meanInputSquare: Double { 1 }
    var objective: TaskObjective { .regression }
    var outputSize: Int { 1 }
    var leastSteps: Int { 2 }
    var success: SuccessRule? { nil }
    func chance(steps: Int) -> ChanceLevel { ChanceLevel(loss: 2, errorRate: nil, outputs: [0]) }

    func sample<Element: Scalar>(
      _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
    ) throws(SequenceTaskError) -> TaskSample<Element> {
      var stream = draw.inputs
      let x = stream.normals(2 * batch)
      return TaskSample(
        .dense(Element.array(x)), values: Element.array((0..<batch).map { x[$0] + x[batch + $0] }))
    }
  }

  private static func layer(_ input: Double, _ hidden: Double, _ bias: Double) -> [RecurrentParameters<
    Double
  >] {
    func one(_ value: Double) -> Matrix<Double> { Matrix(rows: 1, columns: 1, values: [value]) }
    return [RecurrentParameters(weightIH: one(input), weightHH: one(hidden), biasIH: [bias], biasHH: [0])]
  }

  @Test func everyWeightMovesAgainstItsGradient() throws {
    let (w, u, a, v, r, b, k, c) = (0.7, -0.4, 0.2, 1.1, 0.6, -0.3, 0.9, 0.1)
    let network = Network(
      recurrent: RecurrentModel(cell: .rnnLinear, layers: [Self.layer(w, u, a), Self.layer(v, r, b)]),
      readout: Readout(weight: Matrix(rows: 1, columns: 1, values: [k]), bias: [c]))
    let plan = TrainingPlan(steps: 2, batch: 4, iterations: 5, learningRate: 0.1, rootSeed: 3, seed: 5)
    let sample = try plan.sample(Double.self, of: Sums())
    let x = sample.inputs.dense
    var gradient: [String: Double] = [:]
    var loss = 0.0
    func add(_ name: String, _ value: Double) { gradient[name, default: 0] += value }
    for s in 0..<4 {
      let p1 = w * x[s] + a
      let p2 = w * x[4 + s] + a + u * p1
      let q1 = v * p1 + b
      let q2 = v * p2 + b + r * q1
      let miss = k * q2 + c - sample.values[s]
      loss += miss * miss / 4
      let e = miss / 2
      let (d1, d2) = (e * k * v * (u + r), e * k * v)
      add("weight_ih_l0", d1 * x[s] + d2 * x[4 + s])
      add("weight_hh_l0", d2 * p1)
      for name in ["bias_ih_l0", "bias_hh_l0"] { add(name, d1 + d2) }
      add("weight_ih_l1", e * k * (r * p1 + p2))
      add("weight_hh_l1", e * k * q1)
      for name in ["bias_ih_l1", "bias_hh_l1"] { add(name, e * k * (r + 1)) }
      add("readout.weight", e * q2)
      add("readout.bias", e)
    }
    let run = try updates(1, plan, Sums(), from: network)
    let trained = try #require(run.weights)
    #expect((try #require(run.accounts.first).loss - loss).magnitude < 1e-14)
    for (array, place) in network.arrayPlaces.enumerated() {
      let found = (network.arrays[array][0] - trained.arrays[array][0]) / 0.1
      let expected = try #require(gradient[place.name])
      #expect((found - expected).magnitude < 1e-13, "\(place.name)")
    }
    #expect(network.arrayPlaces.count == gradient.count)
  }
}
