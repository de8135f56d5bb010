import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Probes that name what they record")
struct SeriesProbeTests {
  /// log10 of the largest |∂L/∂h_t| of a unit, t = 0…T.
  private struct LargestComponent: SeriesProbe {
    static let series = [StepSeries("log10_largest_grad_h", "Largest component of the total ∂L/∂h_t.")]
    var largest: [Double]

    init<Cell: RecurrentCell<Double>>(shape: SequenceShape, cell: Cell.Type) {
      largest = Array(repeating: 0, count: shape.steps + 1)
    }

    mutating func arrive(_ arrival: GradientArrival<Double>) {
      for b in 0..<arrival.batch {
        for unit in 0..<arrival.total.width {
          largest[arrival.time] = max(largest[arrival.time], arrival.total[b, unit].double.magnitude)
        }
      }
    }
    mutating func finish() { largest = largest.map(log10) }

    var values: [[Double]?] { [largest] }
  }

  /// log10 Σ |∂L/∂a_t| and, of a cell with c, log10 Σ |∂L/∂c_t|, t = 1…T.
  private struct SumsOfMagnitudes: SeriesProbe, ~Copyable {
    static let series = [
      StepSeries("log10_sum_grad_c", "Sum of |∂L/∂c_t|."),
      StepSeries("log10_sum_grad_a", "Sum of |∂L/∂a_t|."),
    ]
    var cell: [Double]?
    var preactivation: [Double]

    init<Cell: RecurrentCell<Double>>(shape: SequenceShape, cell: Cell.Type) {
      preactivation = Array(repeating: 0, count: shape.steps)
      self.cell = Cell.carriesCellState ? preactivation : nil
    }

    mutating func step(_ step: GradientStep<Double>) {
      func sum(_ rows: GradientRows<Double>) -> Double {
        (0..<step.tape.batch * rows.width).reduce(0) {
          $0 + rows[$1 / rows.width, $1 % rows.width].double.magnitude
        }
      }
      preactivation[step.tape.time - 1] = sum(step.preactivation)
      if let kappa = step.cell { cell?[step.tape.time - 1] = sum(kappa) }
    }
    mutating func finish() {
      cell = cell.map { $0.map(log10) }
      preactivation = preactivation.map(log10)
    }

    var values: [[Double]?] { [cell, preactivation] }
  }

  private typealias Both = ProbePair<LargestComponent, ProbePair<NoProbe<Double>, SumsOfMagnitudes>>

  /// What two probes record of a network, as a list and by name.
  private struct Walk: CellVisitor {
    typealias Element = Double
    let network: NaiveNetwork

    func visit<Cell: RecurrentCell<Double>>(
      _ type: Cell.Type
    ) -> (values: [[Double]?], recorded: [StepSeries: [Double]]) {
      var pass = network.pass(type)
      var both = Both(shape: pass.shape, cell: type)
      _ = pass.backward(loss: network.libraryLoss(Double.self), calling: &both)
      return (both.values, both.recorded)
    }
  }

  @Test(arguments: NaiveNetwork.Cell.allCases, [NaiveSizes(1, 1, 2, 3), NaiveSizes(6, 4, 2, 5, seed: 2)])
  func recordInTheirOrderWhatPlainBackpropagationHas(cell: NaiveNetwork.Cell, sizes: NaiveSizes) throws {
    let network = NaiveNetwork(cell, sizes, loss: .crossEntropyEveryStep)
    let found = network.kind.accept(Walk(network: network))
    let expected = network.backward(through: network.forward())
    func check(_ values: [Double]?, _ rows: [[Double]], _ number: ([Double]) -> Double) throws {
      let values = try #require(values)
      #expect(values.count == rows.count)
      for (value, row) in zip(values, rows) {
        #expect((value - log10(number(row.map(\.magnitude)))).magnitude < 1e-11)
      }
    }
    func sum(_ row: [Double]) -> Double { row.reduce(0, +) }

    #expect(
      Both.series.map(\.name) == ["log10_largest_grad_h", "log10_sum_grad_c", "log10_sum_grad_a"])
    #expect(found.values.count == 3)
    try check(found.values[0], expected.delta.map { $0.flatMap { $0 } }) { $0.max() ?? 0 }
    try check(found.values[2], expected.gamma.map { $0.flatMap { $0 } }, sum)
    if network.kind.carriesCellState {
      try check(found.values[1], expected.kappa.dropFirst().map { $0.flatMap { $0 } }, sum)
    } else {
      #expect(found.values[1] == nil)
    }

    #expect(found.recorded.count == (network.kind.carriesCellState ? 3 : 2))
    for (series, values) in zip(Both.series, found.values) { #expect(found.recorded[series] == values) }
  }

  @Test func noneIsRecordedWithoutOne() {
    #expect(NoProbe<Float>.series.isEmpty && NoProbe<Float>().recorded.isEmpty)
  }
}
