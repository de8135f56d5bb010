import Foundation
import GradientFlow
import TextFiles

extension ModelDiagnosis {
  /// What was found, in words and numbers: of several layers first what each does, then a paragraph a layer and
  /// direction, its verdict first.
  public var report: String {
    var lines = [
      "\(problem.name): \(problem.model.cell.rawValue), \(problem.model.layers.count) "
        + (problem.model.layers.count == 1 ? "layer" : "layers")
        + (problem.model.directions.count == 2 ? ", both directions" : "")
        + ", H = \(problem.model.hiddenSize), T = \(problem.steps), B = \(problem.batch), "
        + (loss.map { "loss \(Brief.number($0))" } ?? "gradient from what reads it")
    ]
    let directions = problem.model.directions.count
    let paragraphs = layers.enumerated().map { index, layer in
      LayerReport(
        layer: layer, isLast: layer.layer == problem.model.layers.count - 1 && layer.place.part != .encoder,
        hidesVanishing: problem.readSteps > 1,
        twoTimeRate: twoTime?.decayRate(layer: index, direction: layer.direction),
        reachesBack: twoTime?.reachesBack(layer: index, direction: layer.direction) ?? true)
    }
    if layers.count > 1 { lines += overview(paragraphs, directions: directions) }
    for paragraph in paragraphs {
      lines.append(paragraph.layer.label(directions: directions))
      lines += paragraph.lines.map { "  " + $0 }
    }
    if problem.readSteps > 1 {
      lines.append(
        "note: gradients enter at several steps, which refreshes the total on its way back: its norms look flat and hide "
          + "vanishing." + (twoTime == nil ? "" : " The single losses show it."))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What the layers do, those that do the same together.
  private func overview(_ paragraphs: [LayerReport], directions: Int) -> [String] {
    var found: [(words: String, layers: [String])] = []
    for paragraph in paragraphs {
      guard let words = paragraph.answer else { continue }
      let name = paragraph.layer.label(directions: directions)
      if let k = found.firstIndex(where: { $0.words == words }) {
        found[k].layers.append(name)
      } else {
        found.append((words, [name]))
      }
    }
    return found.map { "\($0.layers.joined(separator: ", ")): \($0.words)" }
  }
}

/// A paragraph of the report.
private struct LayerReport {
  let layer: LayerDiagnosis
  /// Whether the loss reads this layer, and no other carries its gradient.
  let isLast: Bool
  /// Whether the loss reads several steps, so that a level total norm may hide vanishing.
  let hidesVanishing: Bool
  let twoTimeRate: Double?
  /// Whether any single loss does, where single losses were followed.
  let reachesBack: Bool

  var lines: [String] {
    [
      verdict, gradient, spread, cellGradient, inputGradient, twoTime, gates, paths, contributions, jacobian,
      lyapunov, weights,
      theory,
    ]
    .compactMap { $0 }
  }

  private var gradient: String? { line("∂L/∂h_t", layer.steps.hidden, layer.decay, layer.horizon) }

  private var cellGradient: String? {
    layer.steps.cell.isEmpty
      ? nil
      : line(
        "∂L/∂c_t", layer.steps.cell,
        DecayRate(log10Norms: layer.steps.linkedCellMean.dropFirst().reversed()), layer.cellHorizon)
  }

  private func line(
    _ name: String, _ norms: [Double], _ decay: DecayRate?, _ horizon: GradientHorizon?
  ) -> String {
    // The ends are of the whole batch, the slope and what follows of the mean over its sequences.
    let isBatch = layer.shape.batch > 1
    var parts: [String] = []
    if let decay { parts.append("\(signed(decay.rate)) decades per step") }
    if let horizon, let half = horizon.half { parts.append(halving(half, horizon, decay?.rate)) }
    if let horizon, horizon.staysBelowHalf, let millionth = horizon.millionth {
      parts.append("1e-6 of it after \(steps(millionth))")
    }
    let ends =
      "norm \(isBatch ? "of the batch " : "")\(power(norms[norms.count - 1])) at t = T, \(power(norms[1])) at t = 1"
    let course = parts.joined(separator: ", ")
    return "\(name): \(ends)"
      + (course.isEmpty ? "" : (isBatch ? "; mean of the sequences: " : ", ") + course)
  }

  /// ∂L/∂x_t of the layer that reads the inputs.
  private var inputGradient: String? {
    guard layer.layer == 0, let last = layer.inputNorms.last, let first = layer.inputNorms.first else {
      return nil
    }
    return
      "∂L/∂x_t: norm \(layer.shape.batch > 1 ? "of the batch " : "")\(power(last)) at t = T, \(power(first)) at t = 1"
  }

  /// How many sequences keep their gradient, lose it, or have it grow, where not all do the same.
  private var spread: String? {
    guard twoTimeRate == nil, layer.shape.batch > 1 else { return nil }
    // Over different numbers of steps changes do not compare.
    let found = SequenceSpread(layer)
    if found.isMixed, layer.shape.lengths == nil {
      return "by sequence: \(found.words) (elements.csv)"
    }
    let rates = (0..<layer.shape.batch).compactMap {
      DecayRate(log10Norms: layer.norms(ofSequence: $0).reversed())?.rate
    }
    guard let low = rates.min(), let high = rates.max(), let mean = layer.decay?.rate,
      high - low > max(0.05, mean.magnitude)
    else { return nil }
    return "by sequence: from \(signed(low)) to \(signed(high)) decades per step (elements.csv)"
  }

  /// When the norm is below half, in words that fit its slope: a drop near the end of the sequence is no half-life.
  private func halving(_ half: Int, _ horizon: GradientHorizon, _ rate: Double?) -> String {
    guard horizon.staysBelowHalf else { return "below half after \(steps(half)), but above it again later" }
    let halfLife = rate.flatMap { $0 < 0 ? -Foundation.log10(2) / $0 : nil } ?? .infinity
    if halfLife <= 4 * Double(half) { return "halved after \(steps(half))" }
    return "below half within \(steps(half)), then "
      + (halfLife < Double(layer.shape.steps - 1) ? "a slower fall" : "no steady fall")
  }

  private func steps(_ count: Int) -> String { count == 1 ? "1 step" : "\(count) steps" }

  private var twoTime: String? {
    twoTimeRate.map {
      "single losses: ∂L_s/∂h_t changes by \(signed($0)) decades per step on its way back from s"
    }
  }

  private var gates: String? {
    guard let activity = layer.gates else { return nil }
    let (count, steps) = (activity.gates.count, layer.shape.steps)
    let parts = activity.gates.enumerated().map { g, gate -> String in
      func mean(_ value: (GateActivity.Summary) -> Double?) -> Double {
        (0..<steps).reduce(0.0) { $0 + (value(activity.bySteps[$1 * count + g]) ?? .nan) } / Double(steps)
      }
      let name = gate == .preactivation ? "h" : gate.rawValue
      // Rectified units are off or on, linear ones have no ends.
      let (low, high) = (mean(\.low), mean(\.high))
      let ends =
        !high.isNaN
        ? " (\(percent(low)) low, \(percent(high)) high)" : low.isNaN ? "" : " (\(percent(low)) off)"
      let dead = activity.deadUnits ?? 0
      return "\(name) \(withMinus(Brief.number(mean(\.mean))))\(ends)"
        + (dead > 0 ? ", \(dead) of \(layer.shape.hiddenSize) dead (off at every step)" : "")
    }
    return (count == 1 ? "units: " : "gates: ") + parts.joined(separator: ", ") + memory(activity)
  }

  /// How long the state of a unit stays through its own gate alone.
  private func memory(_ activity: GateActivity) -> String {
    let steps = activity.memorySteps.sorted()
    guard let gate = GateActivity.memoryGate(of: activity.gates), let longest = steps.last else { return "" }
    return "; through \(activity.gates[gate].rawValue) alone, a unit decays to 1/e after "
      + "\(Brief.number(steps[steps.count / 2])) steps (median), \(Brief.number(longest)) (longest)"
  }

  private var paths: String? {
    guard let paths = layer.paths else { return nil }
    let t = max(1, layer.shape.steps / 2)
    let shares = GradientPath.allCases.map { ($0, paths.shares($0)[t]) }
    guard shares.allSatisfy({ $0.1.isFinite }) else { return nil }
    return "paths of ∂L/∂c_t at lag \(layer.shape.steps - t): "
      + shares.map { "\($0 == .carousel ? "carousel" : "through \($0.rawValue)") \(percent($1))" }
      .joined(separator: ", ")
  }

  private var contributions: String? {
    guard let ratio = layer.alignment?.cancellation() else { return nil }
    return "∂L/∂W_hh: its norm is \(percent(ratio)) of the summed norms of the steps' contributions"
  }

  private var jacobian: String? {
    let parts = layer.jacobians.compactMap { jacobian -> String? in
      guard let lag = jacobian.lags.last, let values = jacobian.singularValues.last, let first = values.first
      else { return nil }
      let spectrum = SingularSpectrum(values)
      let name = jacobian.block == .hidden ? "h" : "(h, c)"
      let number = spectrum.log10ConditionNumber
      // NaN: rounding may have moved the least of them.
      let condition =
        number.isFinite ? "condition \(power(number))" : number.isNaN ? "condition unknown" : "singular"
      let what = "∂\(name)_T/∂\(name)_\(layer.shape.steps - lag): "
      if first.mantissa.isNaN { return what + "σ_max unknown" }
      let rank = spectrum.effectiveRank.isNaN ? "unknown" : Brief.number(spectrum.effectiveRank)
      return what + "σ_max \(power(first.log10)), \(condition), effective rank \(rank) of \(values.count)"
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }

  private var lyapunov: String? {
    guard let report = layer.lyapunov, let leading = report.spectrum.exponents.first else { return nil }
    let error = report.spectrum.standardErrors[0]
    var text =
      "Lyapunov: λ_1 = \(signed(leading))" + (error.isFinite ? " ± \(Brief.number(error))" : "")
      + " nats per step"
    text += ", from the separation of neighbours \(signed(report.separation))"
    if let difference = report.difference { text += " (difference \(Brief.number(difference.magnitude)))" }
    if twoTimeRate == nil, let slope = report.gradientSlope { text += "; gradient \(signed(slope))" }
    return text
  }

  private var weights: String? {
    guard let radius = layer.spectra.map(\.spectralRadius).max(),
      let sigma = layer.spectra.map(\.largestSingularValue).max()
    else { return nil }
    var text = "W_hh: ρ = \(Brief.number(radius)), σ_max = \(Brief.number(sigma))"
    if let measures = layer.nonNormality {
      if let peak = measures.compactMap(\.log10TransientPeak).max(), peak > 0 {
        text += ", powers grow to \(power(peak)) times ρ^k"
      }
      if let kreiss = measures.compactMap(\.kreissConstant).max(), kreiss > 1.05 {
        text += ", Kreiss ≥ \(Brief.number(kreiss))"
      }
    }
    return text
  }

  private var theory: String? {
    let (lower, upper) = (layer.predictions[.meanFieldLower], layer.predictions[.meanFieldUpper])
    let isPoint = lower.map(signed) == upper.map(signed)
    let known = SlopePrediction.allCases.compactMap { prediction -> String? in
      guard let value = layer.predictions[prediction] else { return nil }
      if isPoint, prediction == .meanFieldUpper { return nil }
      let words = isPoint && prediction == .meanFieldLower ? "mean field" : prediction.words
      return "\(words) \(signed(value))"
    }
    return known.isEmpty ? nil : "theory (decades per step): " + known.joined(separator: ", ")
  }

  private var memoryGates: String {
    layer.steps.gates.contains(.forget) ? "forget gates" : "update gates"
  }

  /// Why there is no slope: at most one step has a norm for every batch element.
  private var withoutSlope: String {
    let norms = layer.steps.hidden
    let steps = (1..<norms.count).filter { norms[$0] > -.infinity }
    if steps == [norms.count - 1] {
      return "no gradient reaches back: every norm but the last is exactly zero"
    }
    if let only = steps.first, steps.count == 1 {
      return only == 1
        ? "no way back: the loss reads only the first step, and every later norm is exactly zero"
        : "no slope: every norm except that at t = \(only) is exactly zero"
    }
    return "no slope: at all steps but one, some batch element has an exactly zero gradient"
  }

  /// What becomes of a gradient over the whole sequence.
  private enum Behaviour {
    case vanishes, shrinks, survives, grows, explodes

    /// What a total norm does that a loss at every step refreshes.
    var ofTotal: String {
      switch self {
      case .vanishes, .shrinks: return "falls"
      case .survives: return "is level"
      case .grows, .explodes: return "grows"
      }
    }
  }

  /// A verb, of small changes with their size: four times over twelve steps is no explosion.
  private func words(_ behaviour: Behaviour, _ rate: Double) -> String {
    let span = Double(layer.shape.steps - 1)
    let change = twoTimeRate == nil && meanChange.isFinite ? meanChange : rate * span
    switch behaviour {
    case .vanishes: return "vanishes"
    case .survives: return "survives"
    case .explodes: return "explodes"
    case .shrinks: return "shrinks to \(power(change)) of its size over \(steps(layer.shape.steps - 1))"
    case .grows: return "grows \(power(change)) times over \(steps(layer.shape.steps - 1))"
    }
  }

  /// nil where slope and ends do not say the same.
  private func behaviour(_ rate: Double) -> Behaviour? {
    // Of single losses followed back there is the slope alone; a total has its two ends as well.
    let change = twoTimeRate == nil ? meanChange : .nan
    if change.isFinite {
      if change.magnitude < Foundation.log10(2) { return .survives }
      if (change < 0) != (rate < 0), rate.magnitude > 0.01 { return nil }
    }
    // A slow slope may still take everything over a long sequence, a steep one nothing over a short.
    let span = rate * Double(layer.shape.steps - 1)
    if span.magnitude < Foundation.log10(2) { return .survives }
    let total = change.isFinite && (change < 0) == (rate < 0) ? change : span
    let isLarge = total.magnitude > (rate.magnitude > 0.01 ? 1 : 2)
    if rate < 0 { return isLarge ? .vanishes : .shrinks }
    return isLarge ? .explodes : .grows
  }

  /// log10 of the geometric mean over the batch at t = 1 over that at t = T, as the slope is of.
  private var meanChange: Double {
    let means = layer.steps.linkedHiddenMean
    return means[1] - means[means.count - 1]
  }

  private func withoutTrend(_ rate: Double) -> String {
    "neither vanishes nor explodes steadily: its slope is \(signed(rate)) decades per step, its mean norm at t = 1 "
      + "\(power(meanChange)) times that at t = T"
  }

  /// Where the norm of the batch does otherwise than most of its sequences; empty where it does not.
  private func exception(_ behaviour: Behaviour) -> String {
    let change = layer.steps.log10RatioFirstLast
    guard twoTimeRate == nil, behaviour == .vanishes, change > -Foundation.log10(2) else { return "" }
    let found = SequenceSpread(layer)
    return found.isMixed
      ? " in \(found.losing) of \(layer.shape.batch) sequences, while others keep the batch norm up"
      : " in the mean of the sequences, while the batch norm stays up"
  }

  /// The reason in one line, from what was measured.
  private var verdict: String? { judgement.map { "→ \($0.words)\($0.reason)" } }

  /// What it does, without the reason.
  var answer: String? { judgement?.words }

  private var judgement: (words: String, reason: String)? {
    let norms = layer.steps.hidden.dropFirst()
    if norms.allSatisfy({ $0 == -.infinity }) { return ("no gradient", ": every norm is exactly zero") }
    guard reachesBack else {
      return ("no gradient reaches back", ": every single loss ends at its own step")
    }
    guard let rate = twoTimeRate ?? layer.decay?.rate else {
      // One step alone has no slope.
      return norms.count == 1 ? nil : (withoutSlope, "")
    }
    let place = layer.staysAtZero ? "; linearised at 0, where the state stays" : ""
    guard let behaviour = behaviour(rate) else { return (withoutTrend(rate), place) }
    if hidesVanishing, twoTimeRate == nil {
      return ("the total norm \(behaviour.ofTotal)", "; gradients that enter at every step hide vanishing")
    }
    var reason = ""
    if !isLast, let own = layer.predictions[.lyapunov], rate > own + 0.01 {
      reason =
        ": the layers above add to it at every step; through its own state alone it would change by \(signed(own)) decades "
        + "per step (λ_1 / ln 10)"
    } else if let path = layer.gates?.meanLog10Memory {
      let share = layer.paths.map { $0.shares(.carousel)[max(1, layer.shape.steps / 2)] }
      if rate < -0.01, path < -0.01, path <= rate / 2 {
        reason =
          rate > path + 0.01
          ? ": its \(memoryGates) alone would give \(signed(path)) decades per step; the paths through W_hh add "
            + "\(signed(rate - path))"
          : ": its \(memoryGates) alone give \(signed(path)) decades per step"
      } else if let share, share.isFinite {
        reason = ": the cell state alone carries \(percent(share)) of it halfway back"
      }
    } else if let linear = layer.predictions[.linear] {
      let loss = rate - linear
      if loss < -0.01 {
        reason =
          ": W_hh alone would give \(signed(linear)) decades per step (log10 ρ); the slopes of the units contribute \(signed(loss))"
      } else if loss > 0.01 {
        reason =
          ": W_hh alone would give \(signed(linear)) decades per step (log10 ρ); non-normal growth or aligned units add \(signed(loss))"
      } else {
        reason = ": as its spectral radius alone predicts"
      }
    }
    return (words(behaviour, rate) + exception(behaviour), reason + place)
  }
}

extension SlopePrediction {
  /// As used in a sentence.
  package var words: String {
    switch self {
    case .linear: return "log10 ρ"
    case .pascanuBound: return "at most (Pascanu)"
    case .meanFieldLower: return "mean field from"
    case .meanFieldUpper: return "to"
    case .lyapunov: return "Lyapunov"
    case .forgetPath: return "forget path"
    case .tiedMeanField: return "tied mean field"
    }
  }
}

private func signed(_ value: Double) -> String {
  value.isInfinite
    ? (value < 0 ? "−∞" : "+∞")
    : Brief.signed(value).replacingOccurrences(of: "-", with: "−")
}
private func percent(_ share: Double) -> String {
  // Adding 0 takes the sign from −0.
  withMinus(String(format: "%.0f %%", (100 * share).rounded() + 0))
}

/// With a minus in place of a leading hyphen.
private func withMinus(_ text: String) -> String { text.hasPrefix("-") ? "−" + text.dropFirst() : text }

/// 10^x as a number a reader takes in.
private func power(_ log10: Double) -> String {
  if log10 == -.infinity { return "0" }
  if log10.magnitude < 4 { return Brief.number(pow(10, log10)) }
  return String(format: "1e%+.1f", log10)
}
