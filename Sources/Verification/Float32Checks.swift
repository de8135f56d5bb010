import DiagnosisFiles
import GradientFlow
import Trials

/// The comparisons of one case in single precision: the quantities for which the reference states the error of
/// a plain float32 program, at ten times that error. Where rounding was luckier than an ulp, an ulp is allowed.
struct Float32Checks {
  package let expected: ExpectedResults
  package let problem: GradientProblem<Float>

  package func all() -> [QuantityCheck] {
    guard expected.has(["tolerance", "float32_observed_rel_error"]) else {
      // Beyond the float64 range a plain float32 program gives nothing to compare with: the log10 norms
      // must still be near the exact ones.
      guard case .gradients(let found) = problem.diagnose() else { return [] }
      return [expected.check(["log10_grad_h_norm"], found.steps.hidden, .absolute(1e-2))]
    }
    guard case .gradients(let found) = problem.diagnose(), let tensors = problem.record() else {
      return []
    }
    return [
      plain("loss", [found.loss]),
      tensor("hidden", tensors.hidden),
      plain("grad_h_norm", found.steps.hidden.map(powerOfTen)),
      plain("step_grad_weight_hh_norm", found.steps.weightHH.map(powerOfTen)),
      tensor(
        "grad.weight_hh_l0",
        found.clipping.gradients[RecurrentParameter.weightHH.rawValue]?.doubles ?? []),
    ]
  }

  private func tolerance(_ key: String) -> Double {
    // A missing or NaN statement allows nothing, and what was exact is to be exact.
    guard let observed = expected.number(["tolerance", "float32_observed_rel_error", key]), observed > 0
    else { return 0 }
    return max(10 * observed, Double(Float.ulpOfOne))
  }

  private func plain(_ key: String, _ values: [Double]) -> QuantityCheck {
    expected.check([key], values, .relative(tolerance(key)))
  }

  private func tensor(_ key: String, _ values: [Double]) -> QuantityCheck {
    expected.check(tensor: key, values, within: tolerance(key))
  }
}
