import GradientFlow
import TestSupport
import Testing

/// One update of plain gradient descent with η = 1: what leaves the weights is the gradient.
@Suite("An update's gradient")
struct UpdateTests {
  static let cells: [CellKind] = [.rnn, .lstm, .gru]

  private static func descent(_ before: Network<Double>, _ after: Network<Double>) -> [Double] {
    zip(before.flat, after.flat).map { $0 - $1 }
  }

  @Test(arguments: cells, SmallTask.allCases)
  func isThatOfADiagnosisBitForBit(cell: CellKind, kind: SmallTask) throws {
    let (task, plan) = (kind.task, kind.plan())
    let weights = Network.random(cell, for: task)
    let run = try updates(2, plan, task, from: weights)
    for n in 1...2 {
      var expected = n == 1 ? weights : run.snapshots[0].network
      let diagnosis = cell.accept(
        LibraryDiagnosis(
          weights: expected, task: task, sample: try plan.sample(Double.self, of: task, update: n),
          steps: plan.steps, batch: plan.batch))
      let account = run.accounts[n - 1]
      #expect(account.loss == diagnosis.result.loss)
      #expect(account.normBefore == diagnosis.result.gradients.globalNorm)
      #expect(account.normAfter == account.normBefore && account.cosine == 1 && !account.isClipped)
      var optimiser = OptimiserState<Double>(.sgd, for: expected)
      let change = optimiser.step(
        &expected, NetworkGradients(diagnosis.result.gradients), factor: ScaledNumber(1), learningRate: 1)
      #expect(run.snapshots[n - 1].network == expected && account.updateNorm == change)
      #expect(account.iteration == n && account.event == nil && account.omega == nil)
    }
  }

  // Some ten steps of a few dozen products each; the difference of weights near 1 has an error of 1e-16.
  @Test(arguments: cells, SmallTask.allCases)
  func isThatOfTheNaiveNetwork(cell: CellKind, kind: SmallTask) throws {
    let (task, plan) = (kind.task, kind.plan())
    let weights = Network.random(cell, for: task)
    let run = try updates(1, plan, task, from: weights)
    let naive = NaiveNetwork(
      cell, weights, task, try plan.sample(Double.self, of: task), steps: plan.steps, batch: plan.batch)
    let gradients = naive.backward(through: naive.forward())
    let account = try #require(run.accounts.first)
    #expect((account.loss / gradients.loss - 1).magnitude < 1e-13)
    #expect((account.normBefore.double / norm(gradients.flat) - 1).magnitude < 1e-12)
    let found = Self.descent(weights, try #require(run.weights))
    #expect(difference(found, gradients.flat, relative: 1e-11, absolute: 1e-14) == nil)
    #expect((account.updateNorm / norm(gradients.flat) - 1).magnitude < 1e-12)
  }

  // Central differences along a random direction of each array: ε² L''' and ulp(L)/ε, about 1e-9 for ε = 1e-5.
  @Test(arguments: cells, SmallTask.allCases)
  func isTheSlopeOfTheLoss(cell: CellKind, kind: SmallTask) throws {
    let (task, plan) = (kind.task, kind.plan())
    let weights = Network.random(cell, for: task)
    var stream = RandomStream(rootSeed: 8, trialSeed: 1, purpose: .other(1))
    func loss(_ weights: Network<Double>) throws -> Double {
      try #require(try updates(1, plan, task, from: weights).accounts.first).loss
    }
    let after = try #require(try updates(1, plan, task, from: weights).weights)
    for array in weights.arrays.indices {
      let direction = stream.normals(weights.arrays[array].count)
      let gradient = zip(weights.arrays[array], after.arrays[array]).map { $0 - $1 }
      let slope =
        (try loss(weights.moved(array, along: direction, by: 1e-5))
          - loss(weights.moved(array, along: direction, by: -1e-5))) / 2e-5
      let found = dot(gradient, direction)
      #expect(
        (found - slope).magnitude < 1e-8 * max(1, slope.magnitude), "\(weights.arrayPlaces[array].name)")
    }
  }

  // H = 1, B = 1, T = 1: everything is one number.
  @Test(arguments: CellKind.allCases) func theSmallestNetworkOfAll(cell: CellKind) throws {
    let task = NextCharacter(text: "abacab")
    let plan = TrainingPlan(steps: 1, batch: 1, iterations: 10, learningRate: 1, seed: 1)
    let weights = Network.random(cell, for: task, hidden: 1)
    let run = try updates(1, plan, task, from: weights)
    let naive = NaiveNetwork(
      cell, weights, task, try plan.sample(Double.self, of: task), steps: 1, batch: 1)
    let gradients = naive.backward(through: naive.forward())
    let found = Self.descent(weights, try #require(run.weights))
    #expect(difference(found, gradients.flat, relative: 1e-12, absolute: 1e-15) == nil)
  }

  @Test func theLearningRateIsThatOfTheSchedule() throws {
    let task = TemporalOrder()
    var plan = SmallTask.order.plan(iterations: 10, learningRate: 0.5)
    plan.schedule = .warmup(updates: 4)
    let weights = Network.random(.rnn, for: task)
    let run = try updates(3, plan, task, from: weights)
    #expect(run.accounts.map(\.learningRate) == [0.125, 0.25, 0.375])
    for account in run.accounts {
      let expected = account.learningRate * account.normAfter.double
      #expect((account.updateNorm / expected - 1).magnitude < 1e-13)
    }
  }
}
