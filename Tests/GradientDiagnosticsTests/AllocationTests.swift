import AllocationCounter
import GradientFlow
import Testing

@Suite("Allocations")
struct AllocationTests {
  /// How often a pass with every probe asks for memory.
  private struct Counting: CellVisitor {
    typealias Element = Float
    let steps: Int
    let clip: StepClip
    let tapeBudget: Int

    func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> (forward: Int, backward: Int)
    where Cell.Element == Float {
      let shape = SequenceShape(steps: steps, batch: 3, inputSize: 2, hiddenSize: 9)
      var stream = RandomStream(rootSeed: 1, trialSeed: 1, purpose: .other(1))
      let rows = Cell.gateCount * 9
      let parameters = RecurrentParameters<Double>(
        weightIH: Matrix(rows: rows, columns: 2, values: stream.normals(rows * 2)),
        weightHH: Matrix(
          rows: rows, columns: 9, values: stream.normals(rows * 9, standardDeviation: 0.3)),
        biasIH: stream.normals(rows), biasHH: stream.normals(rows)
      ).converted(to: Float.self)
      let inputs = Float.array(stream.normals(shape.inputCount))
      let readout = Readout<Float>(
        weight: Matrix(rows: 2, columns: 9, values: Float.array(stream.normals(18))), bias: [0, 0])
      let classes = (0..<steps * 3).map { $0 % 2 }
      let loss = CrossEntropyLoss(classes: classes, readout: readout, placement: .everyStep)
      let start = allocation_count()
      var pass = SequencePass(
        cell: Cell(parameters: parameters), shape: shape, inputs: inputs, tapeBudget: tapeBudget)
      let middle = allocation_count()
      _ = pass.diagnose(loss: loss, clip: clip)
      return (middle - start, allocation_count() - middle)
    }
  }

  @Test(
    .enabled(if: allocations_are_counted(), "allocations are counted with glibc only"),
    arguments: CellKind.allCases, [StepClip.none, .example(threshold: 0.1)])
  func doNotDependOnTheNumberOfSteps(cell: CellKind, clip: StepClip) {
    func count(_ steps: Int, tapeBudget: Int = 1 << 28) -> (forward: Int, backward: Int) {
      cell.accept(Counting(steps: steps, clip: clip, tapeBudget: tapeBudget))
    }
    _ = count(20)  // what is made once for the process
    let (short, long) = (count(20), count(2_000))
    #expect(short.forward > 0 && short.forward == long.forward)
    #expect(short.backward > 0 && short.backward == long.backward, "\(short.backward) \(long.backward)")
    let checkpointed = count(2_000, tapeBudget: 1 << 14)
    #expect(checkpointed.backward == long.backward)
  }
}
