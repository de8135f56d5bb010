import GradientFlow
import TestSupport
import Testing

@Suite("Orders of sequences of different lengths")
struct SequenceOrderTests {
  @Test func theLongestComesFirstAndEqualOnesKeepTheirOrder() {
    let order = SequenceOrder([2, 4, 1, 4])
    #expect(order.sequences == [1, 3, 0, 2] && order.lengths.values == [4, 4, 2, 1])
    #expect(order.places == [2, 0, 3, 1])
    #expect(
      order.restored(order.packed([10, 11, 20, 21, 30, 31, 40, 41], width: 2), width: 2)
        == [10, 11, 20, 21, 30, 31, 40, 41])
  }

  @Test func packingAndUnpackingAreInverse() {
    let order = SequenceOrder([2, 3, 1])
    // [T, B] with 10·(b + 1) + t where there is a step.
    let padded = [11, 21, 31, 12, 22, 0, 0, 23, 0]
    // Sequences 2, 1, 3 end together: the longest alone, then the two longest, then all.
    #expect(order.pack(padded, width: 1) == [21, 22, 11, 23, 12, 31])
    #expect(order.unpack(order.pack(padded, width: 1), width: 1) == padded)
    #expect(order.unpack([21, 22, 11, 23, 12, 31], width: 1, padding: -1)[6] == -1)
  }

  // Each sequence of a packed batch is passed as if it were alone: rows of products differ in their rounding at most.
  @Test(arguments: CellKind.allCases, [1, 2])
  func aPackedBatchIsItsSequencesOneByOne(cell: CellKind, directions: Int) {
    cell.accept(PackedComparison(item: SmallNetwork(cell: cell, directions: directions)))
  }

  private struct PackedComparison: CellVisitor {
    typealias Element = Double
    let item: SmallNetwork

    func visit<Cell: RecurrentCell>(_ type: Cell.Type) where Cell.Element == Double {
      let order = SequenceOrder([3, 6, 1, 5])
      let (width, given) = (item.directions * item.hiddenSize, item.inputSize)
      let whole = item.inputs(BatchShape(steps: 6, batch: 4))
      let padded = whole.inputs.dense
      let inputs = NetworkInputs<Double>(
        shape: order.shape, inputs: .dense(order.pack(padded, width: given)))
      let pass = item.pass(type, inputs)
      let outputs = order.unpack(pass.outputs, width: width)
      // Steps of sequence b of a padded array of rows of some width.
      func steps(_ count: Int, of b: Int, _ rows: [Double], _ width: Int) -> [Double] {
        (0..<count).flatMap { t in
          let first = (t * 4 + b) * width
          return rows[first..<first + width]
        }
      }
      for (b, length) in [3, 6, 1, 5].enumerated() {
        let alone = item.pass(
          type,
          NetworkInputs(
            shape: BatchShape(steps: length, batch: 1), inputs: .dense(steps(length, of: b, padded, given))))
        let own = steps(6, of: b, outputs, width)
        let beyond = [Double](repeating: 0, count: (6 - length) * width)
        let expected = alone.outputs + beyond
        #expect(difference(own, expected, relative: 1e-12, absolute: 1e-14) == nil, "sequence \(b)")
        for (layer, states) in pass.finalState.layers.enumerated() {
          for (direction, state) in states.enumerated() {
            let place = order.places[b] * item.hiddenSize
            let hidden = Array(state.hidden[place..<place + item.hiddenSize])
            let expected = alone.finalState.layers[layer][direction].hidden
            #expect(difference(hidden, expected, relative: 1e-12, absolute: 1e-14) == nil)
          }
        }
      }
    }
  }
}
