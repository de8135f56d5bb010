import Foundation
import GradientFlow
import TestSupport
import Testing

/// What a pass gives of its initial states, and takes at its final ones: a sequence in two passes is the one in one pass.
@Suite("Gradients handed from a pass to the one before it")
struct StateGradientHandoverTests {
  private struct Handover: CellVisitor {
    typealias Element = Double
    let batch: PackedBatch
    let cut: Int

    /// log10 norms of ∂L/∂h_t, and of ∂L/∂W_hh, of the whole pass and of the two.
    func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> (whole: [Double], parts: [Double])
    where Cell.Element == Double {
      var whole = batch.pass(type)
      let shape = whole.shape
      let (b, n, h) = (shape.batch, shape.inputSize, shape.hiddenSize)
      func part(_ steps: ClosedRange<Int>, _ initial: InitialState<Double>?) -> SequencePass<Cell> {
        SequencePass(
          cell: whole.cell,
          shape: SequenceShape(steps: steps.count, batch: b, inputSize: n, hiddenSize: h),
          inputs: Array(whole.inputs[(steps.lowerBound - 1) * b * n..<steps.upperBound * b * n]),
          initialState: initial)
      }
      let start = InitialState(hidden: whole.hiddenState(0) ?? [], cell: whole.cellState(0))
      let middle = InitialState(hidden: whole.hiddenState(cut) ?? [], cell: whole.cellState(cut))
      var first = part(1...cut, start)
      var second = part(cut + 1...shape.steps, middle)
      let loss = batch.loss(Double.self)
      let handed = InitialStateGradients<Double>(
        shape: second.shape, carriesCellState: Cell.carriesCellState)
      let all = whole.diagnose(loss: loss)
      let late = second.diagnose(loss: loss, initialGradients: handed)
      let early = first.diagnose(loss: handed.upstream, finalCell: handed.finalCell)
      let sums = zip(early.result.gradients.named, late.result.gradients.named).map { a, b in
        let power = max(a.gradient.exponent, b.gradient.exponent)
        let values = zip(a.gradient.values, b.gradient.values).map {
          scalbn($0, a.gradient.exponent - power) + scalbn($1, b.gradient.exponent - power)
        }
        return ScaledNumber(Double.euclideanNorm(values), exponent: power).log10
      }
      return (
        all.steps.hidden + all.steps.cell + all.result.gradients.named.prefix(4).map(\.gradient.norm.log10),
        early.steps.hidden + late.steps.hidden.dropFirst() + early.steps.cell
          + late.steps.cell.dropFirst() + sums
      )
    }
  }

  @Test(arguments: CellKind.allCases, [PackedBatch.Loss.finalDot, .finalClass])
  func twoPassesAreOne(_ kind: CellKind, _ loss: PackedBatch.Loss) {
    let batch = PackedBatch(kind, loss, lengths: [9, 9, 9], seed: 3)
    for cut in [1, 4, 8] {
      let (whole, parts) = kind.accept(Handover(batch: batch, cut: cut))
      #expect(difference(parts, whole, absolute: 1e-12) == nil)
    }
  }

  // 10^-500 and below where the second pass begins.
  @Test(arguments: [CellKind.rnnLinear, .lstm])
  func theirExponentsAreHandedOn(_ kind: CellKind) {
    let batch = PackedBatch(kind, .finalDot, lengths: [2_000, 2_000], seed: 4, weightScale: 0.2)
    let (whole, parts) = kind.accept(Handover(batch: batch, cut: 400))
    #expect(whole[400] < -308)
    #expect(difference(parts, whole, absolute: 1e-9) == nil)
  }

  // Central differences of the loss: h_0, c_0 and x of sequences that begin at different steps.
  @Test(arguments: CellKind.allCases)
  func areTheSlopesOfTheLoss(_ kind: CellKind) {
    let batch = PackedBatch(kind, .everySquare, lengths: [6, 4, 4, 1], seed: 5)
    func check<Cell: RecurrentCell>(_ type: Cell.Type) where Cell.Element == Double {
      func loss(_ batch: PackedBatch) -> Double {
        var pass = batch.pass(type)
        return pass.backward(loss: batch.loss(Double.self)).loss
      }
      func slope(_ change: (inout PackedBatch, Double) -> Void) -> Double {
        var (up, down) = (batch, batch)
        change(&up, 1e-5)
        change(&down, -1e-5)
        return (loss(up) - loss(down)) / 2e-5
      }
      var pass = batch.pass(type)
      let inputs = InputGradients(shape: pass.shape, parameters: batch.parameters)
      let initial = InitialStateGradients<Double>(
        shape: pass.shape, carriesCellState: Cell.carriesCellState)
      _ = pass.backward(
        loss: batch.loss(Double.self), inputGradients: inputs, initialGradients: initial)
      let (n, h) = (batch.inputSize, batch.hiddenSize)
      let byInput = inputs.values.indices.map { scalbn(inputs.values[$0], inputs.exponents[$0 / n]) }
      for b in 0..<batch.batch {
        let own = batch.unpacked(byInput, width: n, of: b)
        for k in own.indices {
          let found = slope { $0.inputs[b][k] += $1 }
          #expect((own[k] - found).magnitude < 1e-8, "x of sequence \(b)")
        }
        for k in 0..<h {
          let found = slope { $0.hidden[b][k] += $1 }
          #expect((initial.hidden(b, k).double - found).magnitude < 1e-8, "h_0 of sequence \(b)")
          if Cell.carriesCellState {
            let found = slope { $0.cell[b][k] += $1 }
            #expect((initial.cell(b, k).double - found).magnitude < 1e-8, "c_0 of sequence \(b)")
          }
        }
      }
    }
    check(kind.type(for: Double.self))
  }
}
