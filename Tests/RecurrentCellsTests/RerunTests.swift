import GradientFlow
import TestSupport
import Testing

@Suite("A pass run again")
struct RerunTests {
  private struct Rerun: CellVisitor {
    typealias Element = Double
    let first, second: NaiveNetwork
    let tapeBudget: Int

    /// Gradients of the second network by a pass that had run the first, and by a new one.
    func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> [ParameterGradients<Double>]
    where Cell.Element == Double {
      let loss = second.libraryLoss(Double.self)
      var used = first.pass(type, tapeBudget: tapeBudget)
      _ = used.backward(loss: first.libraryLoss(Double.self))
      used.run(
        cell: Cell(parameters: second.parameters(Double.self)), inputs: second[.x],
        initialState: second.initialState(Double.self))
      var fresh = second.pass(type, tapeBudget: tapeBudget)
      return [used.backward(loss: loss).gradients, fresh.backward(loss: loss).gradients]
    }
  }

  // Without checkpoints, and with a tape of 1 KiB that holds one segment.
  @Test(arguments: NaiveNetwork.Cell.allCases, [1 << 28, 1 << 10])
  func givesTheBitsOfANewOne(cell: NaiveNetwork.Cell, tapeBudget: Int) {
    let sizes = [NaiveSizes(40, 2, 3, 7, seed: 1), NaiveSizes(40, 2, 3, 7, seed: 2)]
    // From an initial state to none: nothing of the first run may be left.
    let first = NaiveNetwork(cell, sizes[0], loss: .finalDot, hasInitialState: true)
    let second = NaiveNetwork(cell, sizes[1], loss: .crossEntropyEveryStep)
    let gradients = second.kind.accept(
      Rerun(first: first, second: second, tapeBudget: tapeBudget))
    #expect(gradients[0] == gradients[1])
  }
}
