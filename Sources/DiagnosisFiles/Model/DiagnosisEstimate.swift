import GradientFlow

/// How long the parts of a diagnosis take that grow with the third power of H, so that a user can choose another preset
/// before they begin.
public struct DiagnosisEstimate: Sendable {
  /// On one core of an ordinary machine, within a factor of three.
  public let seconds: Double

  /// - Parameter modules: what is diagnosed.
  public init(_ modules: [Network<Double>], steps: Int, plan: DiagnosisPlan) {
    seconds = modules.reduce(0.0) { sum, network in
      let model = network.recurrent
      let hidden = Double(model.hiddenSize)
      let gates = Double(model.cell.gates.count)
      let count = Double(model.layers.count * model.directions.count)
      var own = 0.0
      if plan.measures.contains(.nonNormality) { own += gates * 1.8e-7 * hidden * hidden * hidden }
      if plan.measures.contains(.jacobians) {
        for width in model.cell.carriesCellState ? [hidden, 2 * hidden] : [hidden] {
          let lags = Double(min(plan.lagLimit, steps))
          let products = 2 * gates * hidden * hidden * width * Double(min(steps, plan.furthestLag))
          own += products * 1e-10 + lags * 2.3e-9 * width * width * width
        }
      }
      return sum + count * own
    }
  }

  /// A line for people; nil where it is short.
  public var words: String? {
    guard seconds >= 10 else { return nil }
    let time =
      seconds < 90
      ? "\(Int((seconds / 10).rounded()) * 10) seconds" : "\(Int((seconds / 60).rounded(.up))) minutes"
    return
      "Jacobians and the non-normality of W_hh take about \(time) at this size; --preset light leaves them out"
  }
}
