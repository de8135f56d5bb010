import DiagnosisFiles
import Foundation
import GradientFlow
import Trials

/// The comparisons of one case in double precision.
///
/// Where norms leave the float64 range only log10 arrays and unit gradients are compared: the reference's
/// plain arrays hold 0 or null there.
struct Float64Checks {
  package let reference: ReferenceCase
  package let expected: ExpectedResults
  package let rtol, atol: Double
  package let problem: GradientProblem<Double>

  package func all() throws -> [QuantityCheck] {
    guard case .gradients(let found) = problem.diagnose(), let tensors = problem.record() else {
      return [QuantityCheck(name: "hidden", measured: nil, expected: [], rule: .relative(rtol))]
    }
    let beyond = expected.tensor("unit_grad.weight_hh_l0") != nil
    return losses(found, tensors) + steps(found.steps, plain: !beyond)
      + totals(found.clipping.gradients, plain: !beyond) + (try spectrum())
      + states(tensors) + (beyond ? [] : stepTensors(tensors))
      + (expected.has(["clipping"]) || !beyond ? clipping() : [])
      + reference.cell.accept(
        TrajectoryChecks(reference: reference, expected: expected, rtol: rtol, atol: atol))
  }

  // MARK: - By quantity

  private func losses(
    _ found: ProblemGradients<Double>, _ tensors: ProblemTensors
  ) -> [QuantityCheck] {
    let width = reference.shape.stateCount
    let norms = stride(from: 0, to: tensors.hidden.count, by: width).map {
      Double.euclideanNorm(Array(tensors.hidden[$0..<$0 + width]))
    }
    return [plain("loss", [found.loss]), plain("hidden_norm", norms)]
  }

  private func steps(_ s: StepGradients, plain isPlain: Bool) -> [QuantityCheck] {
    var checks: [QuantityCheck] = []
    func add(_ key: String, _ values: [Double], log10 hasLog10: Bool = true) {
      if isPlain { checks.append(plain(key, values.map(powerOfTen))) }
      if hasLog10 { checks.append(logarithmic("log10_" + key, values)) }
    }
    add("grad_h_norm", s.hidden)
    add("grad_h_norm_per_example", s.hiddenByExample)
    if reference.cell.carriesCellState {
      add("grad_c_norm", s.cell)
      add("grad_c_norm_per_example", s.cellByExample)
    }
    add("grad_preactivation_norm", s.preactivation)
    if s.gates.count > 1 { add("grad_preactivation_norm_per_gate", s.preactivationByGate, log10: false) }
    if reference.cell == .gru { add("grad_preactivation_hh_norm", s.recurrentPreactivation, log10: false) }
    add("step_grad_weight_hh_norm", s.weightHH)
    add("step_grad_weight_ih_norm", s.weightIH)
    add("step_grad_bias_ih_norm", s.biasIH, log10: false)
    add("step_grad_bias_hh_norm", s.biasHH, log10: false)
    return checks
  }

  private func totals(_ gradients: NetworkGradients<Double>, plain isPlain: Bool) -> [QuantityCheck] {
    var checks: [QuantityCheck] = []
    for entry in gradients.entries {
      let (name, gradient) = (entry.name, entry.gradient)
      if isPlain {
        checks.append(check(["total_grad_norm", name], [gradient.norm.double]))
        checks.append(tensor("grad.\(name)", gradient.doubles))
      } else {
        let norm = gradient.norm.mantissa * powerOfTwo(gradient.norm.exponent - gradient.exponent)
        checks.append(tensor("unit_grad.\(name)", gradient.values.map { $0 / norm }))
      }
      checks.append(
        check(["log10_total_grad_norm", name], [gradient.norm.log10], rule: .absolute(atol)))
    }
    if isPlain { checks.append(plain("global_grad_norm", [gradients.globalNorm.double])) }
    checks.append(logarithmic("log10_global_grad_norm", [gradients.globalNorm.log10]))
    return checks
  }

  private func spectrum() throws -> [QuantityCheck] {
    let blocks = try reference.cell.gates.indices.map {
      try MatrixSpectrum(of: reference.parameters.recurrentBlock($0))
    }
    let scale = blocks.map(\.frobeniusNorm).max() ?? 0
    func add(_ key: String, _ values: [Double], rule: ComparisonRule? = nil) -> QuantityCheck {
      check(["weight_hh_spectrum", key], values, rule: rule)
    }
    return [
      add("spectral_radius", blocks.map(\.spectralRadius)),
      add("sigma_max", blocks.map(\.largestSingularValue)),
      // Small singular values are exact to rounding of the largest.
      add("sigma_min", blocks.map(\.smallestSingularValue), rule: .absolute(1e-13 * scale)),
      add("frobenius_norm", blocks.map(\.frobeniusNorm)),
      // The published difference of squares is itself uncertain by √ε ‖W‖_F for a normal matrix.
      add(
        "henrici_departure", blocks.map(\.henriciDeparture),
        rule: blocks.contains { $0.henriciDeparture < 1e-3 * scale } ? .absolute(1e-7 * scale) : nil),
      add("numerical_abscissa", blocks.map(\.numericalAbscissa)),
    ]
  }

  private func states(_ tensors: ProblemTensors) -> [QuantityCheck] {
    [tensor("hidden", tensors.hidden)]
      + (reference.cell.carriesCellState ? [tensor("cell", tensors.cell)] : [])
  }

  private func stepTensors(_ tensors: ProblemTensors) -> [QuantityCheck] {
    var checks = [
      tensor("grad_h", tensors.gradients.hidden),
      tensor("grad_preactivation", tensors.gradients.preactivation),
    ]
    if reference.cell.carriesCellState { checks.append(tensor("grad_c", tensors.gradients.cell)) }
    if reference.cell == .gru {
      checks.append(tensor("grad_preactivation_hh", tensors.gradients.recurrentPreactivation))
    }
    return checks
  }

  // MARK: - Clipping

  private func clipping() -> [QuantityCheck] {
    globalNorm("global_norm") + globalNorm("global_norm_inactive") + value()
      + steps("step_batch") { .stepNorm($0) } + steps("step_example") { .stepNormExample($0) }
  }

  private func clipped(
    _ rule: String, threshold key: String, _ clip: (Double) -> GradientClip
  ) -> ProblemGradients<Double>? {
    guard let threshold = expected.number(["clipping", rule, key]),
      case .gradients(let found) = problem.diagnose(clip: clip(threshold))
    else { return nil }
    return found
  }

  private func globalNorm(_ rule: String) -> [QuantityCheck] {
    let found = clipped(rule, threshold: "max_norm") { .globalNorm($0) }
    return [
      clip(rule, "total_norm_before", found.map { [$0.clipping.normBefore.double] }),
      clip(rule, "coefficient", found.map { [$0.clipping.factor.double] }),
    ] + norms(rule, "norm_after", found)
  }

  private func value() -> [QuantityCheck] {
    let found = clipped("value", threshold: "clip_value") { .value($0) }
    return norms("value", "norm_after", found)
      + [clip("value", "global_norm_after", found.map { [$0.clipping.normAfter.double] })]
  }

  private func steps(_ rule: String, _ kind: (Double) -> GradientClip) -> [QuantityCheck] {
    let found = clipped(rule, threshold: "threshold", kind)
    return [
      clip(rule, "grad_h_norm_before", found.map { $0.steps.hidden.dropFirst().map(powerOfTen) }),
      clip(rule, "grad_h_norm_after", found.map { $0.steps.hiddenAfterClip.map(powerOfTen) }),
    ] + norms(rule, "total_grad_norm_after", found, readout: false)
      + [
        tensor(
          "clip_\(rule).grad.weight_hh_l0",
          found?.clipping.gradients[RecurrentParameter.weightHH.rawValue]?.doubles)
      ]
  }

  private func norms(
    _ rule: String, _ key: String, _ found: ProblemGradients<Double>?, readout: Bool = true
  ) -> [QuantityCheck] {
    let names =
      RecurrentParameter.allCases.map(\.rawValue)
      + (readout && reference.readout != nil ? ["readout.weight", "readout.bias"] : [])
    return names.map { name in
      let gradient = found?.clipping.gradients[name]
      return check(["clipping", rule, key, name], gradient.map { [$0.norm.double] })
    }
  }

  private func clip(_ rule: String, _ key: String, _ values: [Double]?) -> QuantityCheck {
    check(["clipping", rule, key], values)
  }

  // MARK: - Rules

  private func plain(_ key: String, _ values: [Double]) -> QuantityCheck { check([key], values) }

  private func logarithmic(_ key: String, _ values: [Double]) -> QuantityCheck {
    check([key], values, rule: .absolute(atol))
  }

  private func tensor(_ name: String, _ values: [Double]?) -> QuantityCheck {
    expected.check(tensor: name, values, within: rtol)
  }

  private func check(_ keys: [String], _ values: [Double]?, rule: ComparisonRule? = nil) -> QuantityCheck {
    expected.check(keys, values, rule ?? .relative(rtol))
  }
}
