import GradientFlow

/// The per-step gradients of one diagnosis: what the columns of `timesteps.csv` are read from.
public struct StepDiagnosis: Sendable {
  /// Of the recursion that was asked for.
  let clipped: StepGradients
  /// Of the recursion without a step clip.
  let unclipped: StepGradients
  /// log10 of the coefficient of the global-norm rule; 0 where it does not apply.
  let log10Coefficient: Double

  /// A column over t = 0…T of what there is from t = 1 on.
  static func fromOne(_ values: [Double]) -> [Double] { [.nan] + values }
}

/// The columns of `timesteps.csv`, log10 of norms over t = 0…T, and the series of ``AddedProbes``. A new one is an entry of
/// ``columns`` or a series of a probe there.
extension StepDiagnosis: ColumnSource {
  public typealias Entry = [Double]?

  public static let columns: [StepColumn] =
    [
      .hidden,
      Column("log10_grad_c", "Total ∂L/∂c_t.") { $0.clipped.cell.isEmpty ? nil : $0.clipped.cell },
      Column("log10_grad_a", "∂L/∂(W_ih x_t + b_ih), all gates.") { fromOne($0.clipped.preactivation) },
      .weightHH,
      Column("log10_grad_w_ih", "Contribution of step t to ∂L/∂W_ih.") { fromOne($0.clipped.weightIH) },
      .hiddenMean, .hiddenDeviation,
      .immediate,
      Column("log10_grad_b", "Contribution of step t to ∂L/∂b_ih.") { fromOne($0.clipped.biasIH) },
      Column("log10_grad_b_hh", "Contribution of step t to ∂L/∂b_hh; differs from b_ih for a GRU.") {
        fromOne($0.clipped.biasHH)
      },
      .cellMean, .hiddenAfterClip, .hiddenUnclipped,
      Column("log10_grad_a_hh", "∂L/∂(W_hh h_{t−1} + b_hh), if it differs (GRU).") {
        let steps = $0.clipped
        return steps.recurrentPreactivation == steps.preactivation
          ? nil : fromOne(steps.recurrentPreactivation)
      },
    ] + Gate.allCases.filter { $0 != .preactivation }.map(gate) + AddedProbes<Double>.series.map(added)

  /// ∂L/∂a_t of one gate; the single block of a plain RNN has a column of its own.
  private static func gate(_ gate: Gate) -> StepColumn {
    Column("log10_grad_a_\(gate.rawValue)", "∂L/∂a_t of gate \(gate.rawValue).") {
      let steps = $0.clipped
      guard steps.gates.count > 1, let g = steps.gates.firstIndex(of: gate) else { return nil }
      return fromOne((0..<steps.steps).map { steps.preactivationByGate[$0 * steps.gates.count + g] })
    }
  }

  /// What a probe of ``AddedProbes`` records.
  private static func added(_ series: StepSeries) -> StepColumn {
    Column(series.name, series.summary) { source in
      source.clipped.added[series].map { $0.count == source.clipped.steps ? fromOne($0) : $0 }
    }
  }
}

public typealias StepColumn = Column<StepDiagnosis, [Double]?>

/// The per-step results of one trial: rows t = 0…T.
public typealias StepTable = ColumnTable<StepDiagnosis>

/// The columns that figures and tests ask for.
extension StepColumn {
  public static var hidden: Self {
    Self(
      "log10_grad_h",
      "Total ∂L/∂h_t arriving at t, Frobenius norm over the batch; under a step clip, of the clipped recursion."
    ) { $0.clipped.hidden }
  }
  public static var immediate: Self {
    Self("log10_grad_h_immediate", "Immediate ∂L/∂h_t: only the loss term that reads h_t.") {
      $0.clipped.immediate
    }
  }
  public static var weightHH: Self {
    Self("log10_grad_w_hh", "Contribution of step t to ∂L/∂W_hh.") { Source.fromOne($0.clipped.weightHH) }
  }
  public static var hiddenMean: Self {
    Self("log10_grad_h_mean", "Mean over batch elements of log10 ‖∂L/∂h_t‖ of each element.") {
      $0.clipped.hiddenMean
    }
  }
  public static var hiddenDeviation: Self {
    Self("log10_grad_h_sd", "Sample standard deviation of the same over batch elements.") {
      $0.clipped.hiddenDeviation
    }
  }
  public static var cellMean: Self {
    Self("log10_grad_c_mean", "Mean over batch elements of log10 ‖∂L/∂c_t‖.") {
      $0.clipped.cell.isEmpty ? nil : $0.clipped.cellMean
    }
  }
  public static var hiddenAfterClip: Self {
    Self(
      "log10_grad_h_clipped",
      "Gradient passed on after clipping: after the step clip at t; for the global norm, scaled by its coefficient."
    ) { source in source.clipped.hiddenAfterClip.map { $0 + source.log10Coefficient } }
  }
  public static var hiddenUnclipped: Self {
    Self("log10_grad_h_unclipped", "Total ∂L/∂h_t of the recursion without any clip.") { $0.unclipped.hidden }
  }
}

extension ColumnTable<StepDiagnosis> {
  /// T.
  public var steps: Int { rows - 1 }

  /// Everything that a diagnosis has.
  package init(clipped: StepGradients, unclipped: StepGradients, log10Coefficient: Double) {
    let diagnosis = StepDiagnosis(clipped: clipped, unclipped: unclipped, log10Coefficient: log10Coefficient)
    self.init(rows: 0)
    append(clipped.steps + 1) { $0.value(diagnosis) }
  }
}
