import LinearAlgebra
import RecurrentCells

/// Records every gradient of a layer's walk by sequence and own step, with its exponent: what an oracle's
/// ``OracleLayerGradients`` are compared with.
public struct OracleRecorder<Element: Scalar>: BackwardProbe, Sendable {
  /// As in ``OracleLayerGradients``.
  public private(set) var delta, kappa, immediate, gamma, gammaHidden: [[[OracleNumber]]]
  private let lengths: [Int]

  /// - Parameter lengths: of the sequences, longest first.
  public init(lengths: [Int], hiddenSize: Int, gateCount: Int) {
    func zeros(_ extra: Int, _ width: Int) -> [[[OracleNumber]]] {
      lengths.map { Array(repeating: Array(repeating: .zero, count: width), count: $0 + extra) }
    }
    self.lengths = lengths
    (delta, kappa, immediate) = (zeros(1, hiddenSize), zeros(1, hiddenSize), zeros(1, hiddenSize))
    gamma = zeros(0, gateCount * hiddenSize)
    gammaHidden = gamma
  }

  public static var seesComponents: Bool { true }

  /// Step t of the batch in the count of sequence b.
  private func own(_ t: Int, _ b: Int) -> Int { t - (lengths[0] - lengths[b]) }

  public mutating func arrive(_ arrival: GradientArrival<Element>) {
    let t = arrival.time
    for b in 0..<arrival.batch {
      delta[b][own(t, b)] = row(arrival.total, b)
      if let terms = arrival.immediate, !arrival.initial.contains(b) {
        immediate[b][own(t, b)] = row(terms, b)
      }
      if let cells = arrival.initialCell, arrival.initial.contains(b) { kappa[b][own(t, b)] = row(cells, b) }
    }
  }

  public mutating func step(_ step: GradientStep<Element>) {
    let t = step.tape.time
    for b in 0..<step.tape.batch {
      if let cells = step.cell { kappa[b][own(t, b)] = row(cells, b) }
      gamma[b][own(t, b) - 1] = row(step.preactivation, b)
      gammaHidden[b][own(t, b) - 1] = row(step.recurrentPreactivation, b)
    }
  }

  private func row(_ rows: GradientRows<Element>, _ b: Int) -> [OracleNumber] {
    (0..<rows.width).map { OracleNumber(rows[b, $0]) }
  }
}

extension OracleNumber {
  public init(_ number: ScaledNumber) { self.init(number.mantissa, power: number.exponent) }
}

extension ScaledArray {
  /// Every entry, at any magnitude.
  public var oracleNumbers: [OracleNumber] {
    Element.doubles(values).map { OracleNumber($0, power: exponent) }
  }
}

/// Why two arrays of numbers of any magnitude differ; nil if they agree.
///
///     |a − b| ≤ relative · the largest of all
///
/// - Parameter terms: numbers that theirs are sums of, which may have cancelled.
public func difference(
  _ a: [OracleNumber], _ b: [OracleNumber], relative: Double, terms: [OracleNumber] = []
) -> String? {
  guard a.count == b.count else { return "\(a.count) elements against \(b.count)" }
  var top = Int.min
  for list in [a, b, terms] { for number in list where number.mantissa != 0 { top = max(top, number.power) } }
  for k in a.indices where a[k] != b[k] {
    let error = a[k] - b[k]
    let size = OracleNumber(error.mantissa, power: error.power - top).double.magnitude
    if !(size <= relative) {
      return "element \(k): \(a[k]) against \(b[k]), off by \(size) of the largest's power of two"
    }
  }
  return nil
}
