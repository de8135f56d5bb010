import GradientFlow
import TestSupport
import Testing

@Suite("Visits of the tape")
struct TapeVisitTests {
  /// Everything a visit sees, by step.
  private struct Seen: Equatable {
    var time: Int
    var numbers: [Double]
  }

  private static func look<Cell: RecurrentCell<Double>>(
    _ pass: inout SequencePass<Cell>, _ order: TimeOrder
  ) -> [Seen] {
    var seen: [Seen] = []
    pass.visitSteps(order) { step in
      func values(_ base: UnsafePointer<Double>, _ count: Int) -> [Double] {
        Array(UnsafeBufferPointer(start: base, count: count))
      }
      let states = step.batch * step.hiddenSize
      var numbers = values(step.previousHidden, states) + values(step.hidden, states)
      if let before = step.previousCell, let cell = step.cell {
        numbers += values(before, states) + values(cell, states)
      }
      numbers += values(step.input, step.batch * step.inputSize)
      numbers += values(step.factors, Cell.factorCount * states)
      seen.append(Seen(time: step.time, numbers: numbers))
    }
    return seen
  }

  /// Steps that make about two and a half segments: a segment holds 65,536 preactivations.
  private static func sizes(_ cell: NaiveNetwork.Cell) -> NaiveSizes {
    let segment = 65_536 / (4 * 48 * cell.gateCount)
    return NaiveSizes(2 * segment + segment / 2 + 1, 4, 3, 48, seed: 70)
  }

  @Test(arguments: NaiveNetwork.Cell.allCases)
  func showTheSameInEitherOrderWithAndWithoutCheckpoints(cell: NaiveNetwork.Cell) {
    let network = NaiveNetwork(cell, Self.sizes(cell), loss: .finalDot, weightScale: 0.8)
    check(network.kind.type(for: Double.self), network)
  }

  private func check<Cell: RecurrentCell<Double>>(_ type: Cell.Type, _ network: NaiveNetwork) {
    let loss = network.libraryLoss(Double.self)
    var whole = network.pass(type)
    var cut = network.pass(type, tapeBudget: 1)
    #expect(!whole.plan.checkpoints && cut.plan.checkpoints && cut.plan.count == 3)
    let all = Self.look(&whole, .ascending)
    #expect(all.map(\.time) == Array(1...network.sizes.steps))
    #expect(Self.look(&whole, .descending) == all.reversed())
    #expect(Self.look(&cut, .descending) == all.reversed())
    #expect(Self.look(&cut, .ascending) == all)
    // Each step starts where the one before ended.
    let states = network.shape.stateCount
    for (step, next) in zip(all, all.dropFirst()) {
      #expect(Array(step.numbers[states..<2 * states]) == Array(next.numbers[..<states]))
    }
    // Visits leave the tape as backward passes need it, and the other way round.
    let (first, second) = (whole.backward(loss: loss), cut.backward(loss: loss))
    #expect(first.gradients == second.gradients)
    #expect(Self.look(&cut, .ascending) == all)
    #expect(Self.look(&whole, .ascending) == all)
    #expect(cut.backward(loss: loss).gradients == first.gradients)
  }

  // A state that decays below the least normal number is zero from there on, also where it is computed again.
  @Test func computeDenormalStatesAgainAsTheyWere() {
    var network = NaiveNetwork(.linear, NaiveSizes(1_200, 4, 1, 48, seed: 71), loss: .finalDot)
    network[.W_hh] = network[.W_hh].indices.map { $0 % 49 == 0 ? 0.5 : 0 }
    (network[.b_ih], network[.b_hh]) = (
      network.b_ih.map { _ in 0 }, network.b_hh.map { _ in 0 }
    )
    network[.x] = network[.x].map { _ in 0 }
    var whole = network.pass(LinearCell<Double>.self)
    var cut = network.pass(LinearCell<Double>.self, tapeBudget: 1)
    #expect(cut.plan.checkpoints)
    let all = Self.look(&whole, .ascending)
    #expect(all[1_100].numbers.allSatisfy { $0 == 0 } && all[1_000].numbers.contains { $0 != 0 })
    #expect(Self.look(&cut, .ascending) == all)
  }

  @Test func endWithTheErrorOfTheVisitor() {
    struct Enough: Error {}
    let network = NaiveNetwork(.gru, NaiveSizes(7, 2, 3, 5), loss: .finalDot)
    var pass = network.pass(GRUCell<Double>.self)
    var times: [Int] = []
    #expect(throws: Enough.self) {
      try pass.visitSteps(.descending) { step throws(Enough) in
        times.append(step.time)
        if step.time == 5 { throw Enough() }
      }
    }
    #expect(times == [7, 6, 5])
  }
}
