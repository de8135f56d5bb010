import LinearAlgebra
import RecurrentCells

/// The values of a cell's gates at one step, from the states and inputs of the tape.
///
///     a = W_ih x_t + b_ih + W_hh h_{t−1} + b_hh;  i, f, o, r, z = sigmoid(a);  g = tanh(a);
///     n = tanh(u_n + r ⊙ v_n);  of a plain RNN: h_t
package struct GateValues<Element: Scalar>: ~Copyable {
  private let gates: [Gate]
  private let parameters: RecurrentParameters<Element>
  private let hidden: Int
  /// B of the step.
  private var batch: Int
  /// u [B, G·H], which becomes the preactivations, and v, whose place the values take: kernels do not work in place.
  private let input, recurrent, unused: AlignedBuffer<Element>
  /// W_ihᵀ [I, G·H], of which tokens choose rows; made when first needed.
  private var columns: [Element] = []

  package init<Cell: RecurrentCell>(
    of type: Cell.Type, _ parameters: RecurrentParameters<Element>, batch: Int
  ) {
    gates = Cell.gates
    self.parameters = parameters
    self.batch = batch
    hidden = parameters.hiddenSize
    let count = batch * parameters.weightHH.rows
    input = AlignedBuffer(count: count)
    recurrent = AlignedBuffer(count: count)
    unused = AlignedBuffer(count: count)
  }

  /// Gate `gate` of unit k of batch element b.
  package subscript(b: Int, gate: Int, k: Int) -> Element {
    recurrent.base[(b * gates.count + gate) * hidden + k]
  }

  /// Preactivation of a gate, as of the subscript; of a plain RNN there is none here.
  func preactivation(_ b: Int, gate: Int, _ k: Int) -> Element {
    input.base[(b * gates.count + gate) * hidden + k]
  }

  /// Gate `gate` of all units of batch element b [H].
  package func row(_ b: Int, gate: Int) -> UnsafePointer<Element> {
    UnsafePointer(recurrent.base + (b * gates.count + gate) * hidden)
  }

  /// The values at a step.
  package mutating func load(_ step: TapeStep<Element>) {
    batch = step.batch
    let count = batch * gates.count * hidden
    if gates == [.preactivation] {
      recurrent.base.update(from: step.hidden, count: count)
      return
    }
    if let tokens = step.tokens {
      if columns.isEmpty {
        let weight = parameters.weightIH
        columns = Array(repeating: 0, count: weight.values.count)
        Element.transpose(rows: weight.rows, columns: weight.columns, weight.values, into: &columns)
      }
      Element.gatherRows(
        count: batch, width: gates.count * hidden, places: tokens, from: columns,
        adding: parameters.biasIH, nil, into: input.base)
    } else {
      product(step.input, parameters.weightIH, parameters.biasIH, into: input.base)
    }
    product(step.previousHidden, parameters.weightHH, parameters.biasHH, into: recurrent.base)
    for b in 0..<batch {
      for (g, gate) in gates.enumerated() {
        let first = (b * gates.count + g) * hidden
        let (u, v) = (input.base + first, recurrent.base + first)
        var addend = UnsafePointer(v)
        if gate == .new {
          // r stands before n in the order of the gates.
          Element.elementwiseProduct(
            hidden, recurrent.base + b * gates.count * hidden, v, into: unused.base)
          addend = UnsafePointer(unused.base)
        }
        var one = 1.0
        Element.addScaledRows(count: 1, width: hidden, scale: &one, addend, into: u)
        if GateActivity.isTanh(gate) {
          Element.tanhForward(hidden, u, h: v, derivative: unused.base)
        } else {
          Element.sigmoidForward(hidden, u, s: v, derivative: unused.base)
        }
      }
    }
  }

  private func product(
    _ x: UnsafePointer<Element>, _ weight: Matrix<Element>, _ bias: [Element],
    into out: UnsafeMutablePointer<Element>
  ) {
    Element.fillRows(count: batch, width: weight.rows, bias, nil, into: out)
    Element.multiply(
      transposeB: true, m: batch, n: weight.rows, k: weight.columns, x, weight.values, accumulates: true,
      into: out)
  }
}
