import DiagnosisFiles
import GradientFlow

/// The comparisons of a case that follow its trajectory, not its loss: Jacobians, Lyapunov exponents, gates, and the
/// norm-preserving penalty.
struct TrajectoryChecks: CellVisitor {
  package typealias Element = Double
  package let reference: ReferenceCase
  package let expected: ExpectedResults
  package let rtol, atol: Double

  package func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> [QuantityCheck] where Cell.Element == Double {
    var pass = SequencePass(
      cell: Cell(parameters: reference.parameters), shape: reference.shape, inputs: reference.inputs,
      initialState: reference.initialState)
    guard pass.divergedAt == nil else {
      return [QuantityCheck(name: "lyapunov_qr", measured: nil, expected: [], rule: .absolute(atol))]
    }
    return jacobians(&pass) + lyapunov(&pass) + gates(&pass) + penalty(&pass)
  }

  // MARK: - Jacobians

  private func jacobians<Cell: RecurrentCell>(_ pass: inout SequencePass<Cell>) -> [QuantityCheck]
  where Cell.Element == Double {
    let blocks: [(StateBlock, String)] =
      Cell.carriesCellState
      ? [
        (.hidden, "jacobian_hT_h0"), (.cell, "jacobian_cT_c0"), (.state, "jacobian_state"),
      ] : [(.hidden, "jacobian_hT_h0")]
    let (steps, batch) = (reference.shape.steps, reference.shape.batch)
    return blocks.flatMap { block, key -> [QuantityCheck] in
      let values = (0..<batch).flatMap { b in
        pass.jacobianSpectrum(block, element: b, lags: [steps]).singularValues.last ?? []
      }
      let plain = "\(key)_singular_values"
      let logarithms = expected.check(["log10_" + plain], values.map(\.log10), .absolute(atol))
      // A plain number above the range is null; then the logarithms alone tell.
      guard values.allSatisfy({ $0.double.isFinite }) else { return [logarithms] }
      return [expected.check([plain], values.map(\.double), .relativeToLargest(rtol)), logarithms]
    } + wholeJacobian(&pass)
  }

  /// ∂h_T,i/∂h_0,j entry by entry, where the reference has it.
  private func wholeJacobian<Cell: RecurrentCell>(
    _ pass: inout SequencePass<Cell>
  ) -> [QuantityCheck] where Cell.Element == Double {
    let name = "jacobian_hT_h0"
    guard expected.tensor(name) != nil else { return [] }
    let (batch, hidden) = (reference.shape.batch, reference.shape.hiddenSize)
    let jacobian = StateJacobian(cell: pass.cell, count: hidden)
    let size = jacobian.stateSize
    var found: [Double] = []
    for b in 0..<batch {
      // Row i is ∂h_T,i/∂s_t on its way back.
      let rows = AlignedBuffer<Double>(count: hidden * size)
      for i in 0..<hidden { rows.base[i * size + i] = 1 }
      pass.visitSteps(.descending) { step in
        jacobian.load(step, element: b)
        jacobian.applyTransposed(to: rows.base)
      }
      for i in 0..<hidden { found += (0..<hidden).map { rows.base[i * size + $0] } }
    }
    return [expected.check(tensor: name, found, within: rtol)]
  }

  // MARK: - Lyapunov exponents

  private func lyapunov<Cell: RecurrentCell>(_ pass: inout SequencePass<Cell>) -> [QuantityCheck]
  where Cell.Element == Double {
    let name = "lyapunov_qr"
    let (batch, hidden) = (reference.shape.batch, reference.shape.hiddenSize)
    let size = Cell.carriesCellState ? 2 * hidden : hidden
    let found = (0..<batch).flatMap { b in
      pass.lyapunovSpectrum(element: b, count: size, transient: 0, start: .axes).exponents
    }
    let whole = expected.check([name], found, .absolute(atol))
    guard !whole.passed, isReducible(reference.parameters.weightHH), let numbers = expected.numbers([name]),
      numbers.count == found.count
    else { return [whole] }
    // Started at the coordinates, exact arithmetic would keep the blocks of a reducible network apart, in whatever order
    // they come; rounding mixes them, at another step in every program. The first column and the volume are certain.
    func leadingAndSum(_ values: [Double]) -> [Double] {
      (0..<batch).flatMap { b in
        let row = values[b * size..<(b + 1) * size]
        return [row.first ?? 0, row.reduce(0, +)]
      }
    }
    return [
      QuantityCheck(
        name: name + " (first and sum, for W_hh is reducible)", measured: leadingAndSum(found),
        expected: leadingAndSum(numbers.map { $0 ?? -.infinity }), rule: .absolute(atol))
    ]
  }

  /// Whether some units of a plain RNN do not reach all others through W_hh.
  private func isReducible(_ weights: Matrix<Double>) -> Bool {
    guard weights.rows == weights.columns else { return false }
    func reached(_ isEdge: (_ from: Int, _ to: Int) -> Bool) -> Int {
      var seen: Set<Int> = [0]
      var open = [0]
      while let from = open.popLast() {
        for to in 0..<weights.rows where isEdge(from, to) && seen.insert(to).inserted { open.append(to) }
      }
      return seen.count
    }
    return reached { weights[$1, $0] != 0 } < weights.rows || reached { weights[$0, $1] != 0 } < weights.rows
  }

  // MARK: - Gates

  private func gates<Cell: RecurrentCell>(_ pass: inout SequencePass<Cell>) -> [QuantityCheck]
  where Cell.Element == Double {
    guard let memory = GateActivity.memoryGate(of: Cell.gates) else { return [] }
    let activity = pass.gateActivity()
    let means = (0..<reference.shape.steps).map { activity.bySteps[$0 * Cell.gateCount + memory].mean }
    let isLSTM = Cell.gates[memory] == .forget
    let mean = isLSTM ? "forget_gate_mean" : "update_gate_mean"
    let checks = [expected.check([mean], means, .relative(rtol))]
    guard isLSTM else { return checks }
    return checks + [
      expected.check(["log10_forget_gate_product"], activity.log10MemoryProduct, .absolute(atol))
    ]
  }

  // MARK: - The norm-preserving penalty

  private func penalty<Cell: RecurrentCell>(_ pass: inout SequencePass<Cell>) -> [QuantityCheck]
  where Cell.Element == Double {
    let key = "norm_preservation_penalty"
    guard Cell.gates == [.preactivation], expected.has([key]) else { return [] }
    var probe = NormPreservation<Double>(shape: reference.shape)
    _ = pass.backward(loss: reference.problem(Double.self).loss, calling: &probe)
    // Where the norm is preserved exactly the penalty is nothing but rounding.
    func check(_ name: String, _ values: [Double], _ expected: [Double?]?) -> QuantityCheck {
      let largest = expected?.compactMap { $0?.magnitude }.max() ?? 0
      return QuantityCheck(
        name: name, measured: values, expected: expected, rule: .absolute(1e-12 + rtol * largest))
    }
    let scalars: [(String, [Double])] = [
      ("ratio", probe.ratios), ("omega", [probe.penalty]),
      ("omega_squared_ratio", [probe.squaredRatioPenalty]),
      ("grad_norm", [probe.gradient.frobeniusNorm()]),
      ("grad_norm_squared_ratio", [probe.squaredRatioGradient.frobeniusNorm()]),
    ]
    let tensors: [(String, Matrix<Double>)] = [
      ("omega_grad.weight_hh_l0", probe.gradient),
      ("omega_squared_ratio_grad.weight_hh_l0", probe.squaredRatioGradient),
    ]
    return scalars.map { check("\(key).\($0)", $1, expected.numbers([key, $0])) }
      + tensors.compactMap { name, matrix in
        expected.tensor(name).map { check(name, matrix.values, $0) }
      }
  }
}
