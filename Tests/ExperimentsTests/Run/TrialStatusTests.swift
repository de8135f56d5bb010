import Experiments
import Foundation
import GradientFlow
import Testing

@Suite("Status of a trial") struct TrialStatusTests {
  /// The total ∂L/∂h_t is in range, what a gate or a contribution has of it is not.
  @Test func everyNormOfTheRecursionCounts() throws {
    let specification = try SweepSpecification.parse(
      text: """
        name: s
        cells: lstm
        hidden_size: 48
        input_size: 8
        batch_size: 4
        sequence_length: [50, 400]
        spectral_radius: [0.3, 1]
        initializer: [identity, orthogonal, gaussian]
        input_scale: 5
        forget_bias: 3
        seeds: 4
        """, file: "s.yaml")
    let smallest = log10(Double(Float.leastNormalMagnitude))
    var hidden = 0
    for trial in specification.trials {
      let record = TrialRunner().run(trial)
      let columns = try #require(record.steps).columns
      func isBelow(_ column: StepColumn) -> Bool {
        (columns[column] ?? []).contains { $0 < smallest && $0 > -.infinity }
      }
      let counted = StepDiagnosis.columns.filter {
        ![.hiddenMean, .hiddenDeviation, .cellMean, .hiddenAfterClip, .hiddenUnclipped].contains($0)
      }
      #expect(record.status == (counted.contains(where: isBelow) ? .underflow : .ok))
      if record.status == .underflow && !isBelow(.hidden) { hidden += 1 }
    }
    #expect(hidden > 0)
  }
}
