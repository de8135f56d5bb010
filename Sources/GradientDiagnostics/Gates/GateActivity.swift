import Foundation
import LinearAlgebra
import RecurrentCells

/// What the gates do: means and saturation by step and by unit.
///
/// A sigmoid gate counts as saturated low below 0.1 and high above 0.9; a tanh one (LSTM g, GRU n, the plain RNN's
/// state itself) below −0.9 and above 0.9. There its derivative is below 0.09, or 0.19 for tanh, and its gradient
/// fades. A rectified unit counts as low where it is off, h = 0, and passes no gradient at all; one that is off at every
/// step of every sequence is dead. It has no upper end, a linear unit has neither. The values are computed anew from the states, not taken from the tape.
///
/// - Complexity: 2·B·G·H·(H + I) operations a step, as a forward pass.
public struct GateActivity: Sendable, Equatable {
  /// Mean and saturated shares over some steps, batch elements or units.
  public struct Summary: Sendable, Equatable {
    /// Mean value.
    public var mean = 0.0
    /// Share saturated low and high; nil where the unit has no such end. Of rectified units `low` is the share that is
    /// off.
    public var low: Double?, high: Double?
    /// Share that passes little or nothing: of both ends, as far as there are any; nil for linear units.
    public var saturated: Double? { low.map { $0 + (high ?? 0) } }
  }

  /// The gates, in the cell's order.
  public let gates: [Gate]
  /// By step and gate [T, G], over batch and units.
  public let bySteps: [Summary]
  /// By gate and unit [G, H], over batch and steps.
  public let byUnits: [Summary]
  /// How many sequences have a step [T].
  let sequences: [Int]
  /// Mean over batch and units of log10 f_t, by step [T]: what the forget gate alone leaves of ∂L/∂c_t, in decades a
  /// step. For a GRU that of z_t. Empty for a cell without such a gate.
  public let log10Memory: [Double]
  /// log10 Π_t f_t of each batch element and unit [B, H]: the forget path from c_0 to c_T, over its own steps.
  public let log10MemoryProduct: [Double]

  /// log10 f by unit [H], mean over batch and steps, in decades per step; empty for a cell without such a gate.
  public var log10MemoryByUnit: [Double] {
    let hidden = byUnits.count / gates.count
    let batch = log10MemoryProduct.count / hidden
    guard batch > 0 else { return [] }
    let rows = sequences.reduce(0, +)
    return (0..<hidden).map { k in
      (0..<batch).reduce(0.0) { $0 + log10MemoryProduct[$1 * hidden + k] } / Double(rows)
    }
  }

  /// Steps in which a unit's state decays to 1/e through that gate alone, −1 / mean ln f, by unit [H]; +∞ for a gate
  /// that stays open. See ``ForgetPath`` for that of a constant gate.
  public var memorySteps: [Double] { log10MemoryByUnit.map { 1 / ($0 * M_LN10).magnitude } }

  /// Mean of ``log10Memory`` over the steps of all sequences, in decades per step; nil for a cell without such a gate.
  public var meanLog10Memory: Double? {
    if log10Memory.isEmpty { return nil }
    if sequences.allSatisfy({ $0 == sequences[0] }) {
      return log10Memory.reduce(0, +) / Double(log10Memory.count)
    }
    let sum = zip(log10Memory, sequences).reduce(0.0) { $0 + $1.0 * Double($1.1) }
    return sum / Double(sequences.reduce(0, +))
  }

  /// Units that are off at every step of every sequence; nil for cells whose units are never exactly off.
  public var deadUnits: Int? {
    guard gates == [.preactivation], let first = byUnits.first, first.high == nil, first.low != nil else {
      return nil
    }
    return byUnits.count { $0.low == 1 }
  }

  /// The gate through which the state passes on without a weight: f of an LSTM, z of a GRU.
  public static func memoryGate(of gates: [Gate]) -> Int? {
    gates.firstIndex(of: .forget) ?? gates.firstIndex(of: .update)
  }

  /// Bounds of saturation: values below the first and above the second; NaN where there is none.
  static func bounds<Cell: RecurrentCell>(of gate: Gate, in cell: Cell.Type) -> (low: Double, high: Double) {
    guard gate == .preactivation else { return isTanh(gate) ? (-0.9, 0.9) : (0.1, 0.9) }
    // h > 0 or off
    if cell == ReLUCell<Cell.Element>.self { return (.leastNormalMagnitude, .nan) }
    return cell == LinearCell<Cell.Element>.self ? (.nan, .nan) : (-0.9, 0.9)
  }

  static func isTanh(_ gate: Gate) -> Bool { gate == .candidate || gate == .new }
}

extension SequencePass where Cell.Element == Double {
  /// Computes every gate of every step that a sequence has.
  ///
  /// - Precondition: the forward pass did not diverge.
  public mutating func gateActivity() -> GateActivity {
    let gates = Cell.gates
    let (steps, batch, hidden) = (shape.steps, shape.batch, shape.hiddenSize)
    var bySteps = Array(repeating: GateSum(), count: steps * gates.count)
    var byUnits = Array(repeating: GateSum(), count: gates.count * hidden)
    let memory = GateActivity.memoryGate(of: gates)
    var log10Memory = Array(repeating: 0.0, count: memory == nil ? 0 : steps)
    var log10Product = Array(repeating: 0.0, count: memory == nil ? 0 : batch * hidden)
    var values = GateValues<Double>(of: Cell.self, cell.parameters, batch: batch)
    visitSteps(.ascending, readsInputs: false) { step in
      values.load(step)
      for (g, gate) in gates.enumerated() {
        let bounds = GateActivity.bounds(of: gate, in: Cell.self)
        var sum = GateSum()
        for b in 0..<step.batch {
          for k in 0..<hidden {
            let value = values[b, g, k]
            let (low, high) = (value < bounds.low ? 1.0 : 0, value > bounds.high ? 1.0 : 0)
            sum.mean += value
            sum.low += low
            sum.high += high
            byUnits[g * hidden + k].mean += value
            byUnits[g * hidden + k].low += low
            byUnits[g * hidden + k].high += high
            if g == memory {
              // Elsewhere the gate has lost digits of its distance from 1, or is below the range.
              let isOrdinary = value > 1e-290 && value < 0.9999
              let decades =
                isOrdinary ? Foundation.log10(value) : log10Sigmoid(values.preactivation(b, gate: g, k))
              log10Memory[step.time - 1] += decades
              log10Product[b * hidden + k] += decades
            }
          }
        }
        bySteps[(step.time - 1) * gates.count + g] = sum
      }
    }
    let sequences = (1...steps).map { shape.count(at: $0) }
    let bounds = gates.map { GateActivity.bounds(of: $0, in: Cell.self) }
    return GateActivity(
      gates: gates,
      bySteps: bySteps.enumerated().map {
        $1.summary(of: sequences[$0 / gates.count] * hidden, bounds[$0 % gates.count])
      },
      byUnits: byUnits.enumerated().map { $1.summary(of: shape.rowCount, bounds[$0 / hidden]) },
      sequences: sequences,
      log10Memory: zip(log10Memory, sequences).map { $0 / Double($1 * hidden) },
      log10MemoryProduct: log10Product)
  }
}

/// log10 sigmoid(a) = −log10(1 + e^{−a}), to the last digits.
private func log10Sigmoid(_ a: Double) -> Double {
  (a < 0 ? a - log1p(exp(a)) : -log1p(exp(-a))) / M_LN10
}

/// Values of a gate added up, and how many of them are beyond each bound.
private struct GateSum {
  var mean = 0.0, low = 0.0, high = 0.0

  /// The mean of so many; what has no bound has no share.
  func summary(of count: Int, _ bounds: (low: Double, high: Double)) -> GateActivity.Summary {
    let n = Double(count)
    return GateActivity.Summary(
      mean: mean / n, low: bounds.low.isNaN ? nil : low / n, high: bounds.high.isNaN ? nil : high / n)
  }
}
