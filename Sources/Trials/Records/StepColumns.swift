import GradientFlow

/// The per-step gradients of one diagnosis: what the columns of `timesteps.csv` are read from.
public struct StepDiagnosis: Sendable {
  /// Of the recursion that was asked for.
  let clipped: StepGradients
  /// Of the recursion without a step clip.
  let unclipped: StepGradients
  /// log10 of the coefficient of the global-norm rule; 0 where it does not apply.
  let log10Coefficient: Double

  package init(clipped: StepGradients, unclipped: StepGradients, log10Coefficient: Double) {
    (self.clipped, self.unclipped, self.log10Coefficient) = (clipped, unclipped, log10Coefficient)
  }

  /// A column over t = 0…T of what there is from t = 1 on.
  static func fromOne(_ values: [Double]) -> [Double] { [.nan] + values }
}

/// The columns of `timesteps.csv`, log10 of norms over t = 0…T, and the series of ``AddedProbes``. A new one is an entry of
/// ``measured`` or a series of a probe there.
extension StepDiagnosis: ColumnSource {
  public typealias Entry = [Double]?

  public static let columns = measured + [.time]

  /// The columns beside the time.
  public static let measured: [StepColumn] =
    [
      .hidden,
      Column("log10_grad_c", "Total ∂L/∂c_t.") { $0.clipped.cell.isEmpty ? nil : $0.clipped.cell },
      Column("log10_grad_a", "∂L/∂(W_ih x_t + b_ih), all gates.") { $0.clipped.ofSteps.preactivation },
      .weightHH,
      Column("log10_grad_w_ih", "Contribution of step t to ∂L/∂W_ih.") { $0.clipped.ofSteps.weightIH },
      .hiddenMean, .hiddenDeviation,
      .immediate,
      Column("log10_grad_b", "Contribution of step t to ∂L/∂b_ih.") { $0.clipped.ofSteps.biasIH },
      Column("log10_grad_b_hh", "Contribution of step t to ∂L/∂b_hh; differs from b_ih for a GRU.") {
        $0.clipped.ofSteps.biasHH
      },
      .cellMean, .hiddenAfterClip, .hiddenUnclipped,
      Column("log10_grad_a_hh", "∂L/∂(W_hh h_{t−1} + b_hh), if it differs (GRU).") {
        let norms = $0.clipped.ofSteps
        return norms.hasOwnRecurrentPreactivation ? norms.recurrentPreactivation : nil
      },
    ] + Gate.allCases.filter { $0 != .preactivation }.map(gate) + AddedProbes<Double>.series.map(added)

  /// ∂L/∂a_t of one gate; the single block of a plain RNN has a column of its own.
  private static func gate(_ gate: Gate) -> StepColumn {
    Column("log10_grad_a_\(gate.rawValue)", "∂L/∂a_t of gate \(gate.rawValue).") {
      let steps = $0.clipped
      guard steps.gates.count > 1, let g = steps.gates.firstIndex(of: gate) else { return nil }
      return steps.ofSteps.preactivationByGate[g]
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
    Self("log10_grad_w_hh", "Contribution of step t to ∂L/∂W_hh.") { $0.clipped.ofSteps.weightHH }
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
    ) { source in
      let shift = source.log10Coefficient
      return shift == 0 ? source.clipped.hiddenAfterClip : source.clipped.hiddenAfterClip.map { $0 + shift }
    }
  }
  public static var hiddenUnclipped: Self {
    Self("log10_grad_h_unclipped", "Total ∂L/∂h_t of the recursion without any clip.") { $0.unclipped.hidden }
  }
}

extension StepColumn {
  /// The step of a row, in tables that have not every step: 0, T and others in between.
  public static var time: Self {
    Self("t", "The step t of a row, where some steps were left out.") { _ in nil }
  }
}

extension ColumnTable<StepDiagnosis> {
  /// The steps of the rows, ascending; nil: t = 0…T.
  private var times: [Double]? { columns[.time] }

  /// T.
  public var steps: Int { times?.last.map { Int($0) } ?? rows - 1 }
  /// Whether some steps were left out.
  public var isThinned: Bool { times != nil }
  /// Whether it has nothing but steps.
  public var isEmpty: Bool { columns.keys.allSatisfy { $0 == .time } }

  /// t of a row.
  public func time(ofRow row: Int) -> Int { times.map { Int($0[row]) } ?? row }

  /// The row of a step; nil where it was left out.
  ///
  /// - Complexity: O(log T).
  public func row(ofTime t: Int) -> Int? {
    guard let times else { return (0..<rows).contains(t) ? t : nil }
    var (low, high) = (0, times.count)
    while low < high {
      let middle = (low + high) / 2
      if times[middle] < Double(t) { low = middle + 1 } else { high = middle }
    }
    return low < times.count && times[low] == Double(t) ? low : nil
  }

  /// Everything that a diagnosis has.
  ///
  /// - Parameter kept: steps, ascending, with 0 and T; nil: all.
  package init(_ diagnosis: StepDiagnosis, keeping kept: [Int]? = nil) {
    self.init(steps: diagnosis.clipped.steps, keeping: kept) { column in
      // One column at a time is there as a whole.
      let values = column.value(diagnosis)
      return kept.map { kept in values.map { values in kept.map { values[$0] } } } ?? values
    }
  }

  /// - Parameters:
  ///   - kept: steps, ascending, with 0 and T; nil: all.
  ///   - values: of a column, in those steps.
  init(steps: Int, keeping kept: [Int]?, _ values: (StepColumn) -> [Double]? = { _ in nil }) {
    self.init(rows: 0)
    append(kept?.count ?? steps + 1) { $0 == .time ? kept?.map(Double.init) : values($0) }
  }

  /// The table with some of its columns, and its steps.
  public func only(measured kept: Set<StepColumn>) -> StepTable { only(kept.union([.time])) }
}
