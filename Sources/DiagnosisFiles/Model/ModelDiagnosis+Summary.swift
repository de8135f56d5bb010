import GradientFlow
import TextFiles

extension ModelDiagnosis {
  /// `summary.json`; log10 of an exact zero is null. What there is once for a model of one layer read forward stands at
  /// the top as well as in `layers`.
  public var summary: JSONText {
    let norms = gradients.entries.map { ($0.name, JSONText.number($0.gradient.norm.log10)) }
    var members: [(String, JSONText)] = [
      ("name", .string(problem.name)),
      ("cell", .string(problem.model.cell.rawValue)),
      ("layer_count", .integer(problem.model.layers.count)),
      ("bidirectional", .boolean(problem.model.directions.count == 2)),
      ("sequence_length", .integer(problem.steps)),
      ("batch_size", .integer(problem.batch)),
      ("input_size", .integer(problem.model.inputSize)),
      ("hidden_size", .integer(problem.model.hiddenSize)),
      ("loss", .number(loss)),
      ("log10_total_grad_norm", .object(norms)),
      ("log10_global_grad_norm", .number(gradients.normAfter.log10)),
    ]
    if layers.count == 1 { members += slopes(layers[0]) + [("weight_hh_spectrum", spectrum(layers[0]))] }
    let clipping = JSONText.object([
      ("rule", .string(problem.clip.label)),
      ("log10_global_grad_norm_before", .number(gradients.normBefore.log10)),
      ("clip_fraction", .number(gradients.clippedFraction)),
      ("cosine_to_unclipped", .number(gradients.cosine)),
    ])
    return .object(
      members + [
        ("clipping", clipping), ("layers", .array(layers.enumerated().map { layer($0, $1) })),
        ("seconds", .object(times.map { ($0.name, .number($0.seconds)) })),
      ] + (problem.notes.isEmpty ? [] : [("notes", .array(problem.notes.map { .string($0) }))]))
  }

  private func layer(_ index: Int, _ layer: LayerDiagnosis) -> JSONText {
    var members: [(String, JSONText)] = [
      ("layer", .integer(layer.layer)), ("direction", .string(layer.direction.rawValue)),
    ]
    members += slopes(layer)
    members.append(("horizon", horizon(layer.horizon)))
    if let cell = layer.cellHorizon { members.append(("cell_horizon", horizon(cell))) }
    members.append(("weight_hh_spectrum", spectrum(layer)))
    if let alignment = layer.alignment {
      let gates = layer.steps.gates
      var ratios: [(String, JSONText)] = [("all", .number(alignment.cancellation()))]
      if gates.count > 1 {
        ratios += gates.enumerated().map { ($1.rawValue, .number(alignment.cancellation(gate: $0))) }
      }
      members.append(("cancellation_ratio", .object(ratios)))
    }
    if let memory = layer.gates?.meanLog10Memory {
      members.append(("memory_gate_decades_per_step", .number(memory)))
    }
    if let report = layer.lyapunov { members.append(("lyapunov", lyapunov(report))) }
    let known = SlopePrediction.allCases.compactMap { prediction in
      layer.predictions[prediction].map { (prediction.rawValue, JSONText.number($0)) }
    }
    if !known.isEmpty { members.append(("predicted_rate", .object(known))) }
    if let rate = twoTime?.decayRate(layer: index, direction: layer.direction) {
      members.append(("two_time_decay_rate", .number(rate)))
    }
    return .object(members)
  }

  private func slopes(_ layer: LayerDiagnosis) -> [(String, JSONText)] {
    [
      ("log10_ratio_first_last", .number(layer.steps.log10RatioFirstLast)),
      ("decay_rate", .number(layer.decay?.rate)),
      ("decay_rate_r2", .number(layer.decay?.r2)),
      ("half_life", .number(layer.decay?.halfLife)),
    ]
  }

  private func horizon(_ horizon: GradientHorizon?) -> JSONText {
    guard let horizon else { return .null }
    return .object([
      ("lag_of_half", .integer(horizon.half)), ("lag_of_1_over_e", .integer(horizon.inverseE)),
      ("lag_of_1e-6", .integer(horizon.millionth)), ("share_above_1e-20", .number(horizon.shareAbove1e20)),
    ])
  }

  private func spectrum(_ layer: LayerDiagnosis) -> JSONText {
    func blocks(_ value: (MatrixSpectrum) -> Double) -> JSONText {
      .array(layer.spectra.map { .number(value($0)) })
    }
    let names = layer.steps.gates.map { JSONText.string($0 == .preactivation ? "" : $0.rawValue) }
    var members: [(String, JSONText)] = [
      ("blocks", .array(names)),
      ("spectral_radius", blocks(\.spectralRadius)),
      ("sigma_max", blocks(\.largestSingularValue)),
      ("sigma_min", blocks(\.smallestSingularValue)),
      ("frobenius_norm", blocks(\.frobeniusNorm)),
      ("henrici_departure", blocks(\.henriciDeparture)),
      ("numerical_abscissa", blocks(\.numericalAbscissa)),
    ]
    if let measures = layer.nonNormality {
      members += [
        ("numerical_radius", .array(measures.map { .number($0.numericalRadius) })),
        ("kreiss_constant", .array(measures.map { .number($0.kreissConstant) })),
        ("log10_power_peak", .array(measures.map { .number($0.log10Peak) })),
        ("power_peak_at", .array(measures.map { .integer($0.peakPower) })),
        ("log10_transient_peak", .array(measures.map { .number($0.log10TransientPeak) })),
        ("transient_peak_at", .array(measures.map { .integer($0.transientPeakPower) })),
      ]
    }
    return .object(members)
  }

  private func lyapunov(_ report: LyapunovReport) -> JSONText {
    let spectrum = report.spectrum
    return .object([
      ("unit", .string("nats per step")),
      ("batch_element", .integer(plan.element)),
      ("transient", .integer(spectrum.transient)), ("steps", .integer(spectrum.steps)),
      ("leading", .number(spectrum.exponents.first)),
      ("leading_standard_error", .number(spectrum.standardErrors.first)),
      ("leading_by_separation", .number(report.separation)),
      ("difference", .number(report.difference)),
      ("gradient_slope", .number(report.gradientSlope)),
      ("known", .integer(spectrum.exponents.count)),
      ("infinite", .integer(spectrum.exponents.count { $0 == -.infinity })),
      ("kaplan_yorke_dimension", .number(spectrum.kaplanYorkeDimension)),
    ])
  }
}
