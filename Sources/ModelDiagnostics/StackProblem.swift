import GradientDiagnostics
import LinearAlgebra
import RecurrentCells

/// Recurrent modules one behind the other, of any kinds and widths, each reading what the one before it gives.
///
///     x → module 0 → link 0 → module 1 → … → loss
public struct StackProblem: Sendable {
  /// A module with its weights.
  public struct Module: Sendable {
    public var name: String
    /// The first one may have an embedding.
    public var network: Network<Double>
    /// What stands between it and the next module, or the loss; row by row.
    public var link: [any HeadLayer]
    /// Whether it reads its inputs from the last step to the first, as Keras's `go_backwards`; what it gives is in its own
    /// time, which the next module or the loss reads as it is.
    public var goesBackwards: Bool
    /// Parameters that it does not have; see ``ModelProblem/absent``.
    public var absent: Set<String>

    public init(
      name: String, network: Network<Double>, link: [any HeadLayer] = [], goesBackwards: Bool = false,
      absent: Set<String> = []
    ) {
      self.name = name
      self.network = network
      self.link = link
      self.goesBackwards = goesBackwards
      self.absent = absent
    }
  }

  public var name: String
  /// One at least.
  public var modules: [Module]
  /// What the first one reads, from which states; the others start at zero.
  public var data: NetworkInputs<Double>
  /// L, of what the last one gives through its link.
  public var loss: ModelLoss
  public var clip = GradientClip.none
  /// By place in the batch, the number of each sequence for the caller; nil where they are the same.
  public var sequences: [Int]?
  /// See ``ModelProblem/notes``.
  public var notes: [String] = []

  /// - Precondition: there is a module; an upstream or a loss step by step has no link before it; sequences have one
  ///   length where a module goes backwards.
  public init(name: String, modules: [Module], data: NetworkInputs<Double>, loss: ModelLoss) {
    precondition(!modules.isEmpty, "a stack has a module")
    self.name = name
    self.modules = modules
    self.data = data
    self.loss = loss
  }
}

extension StackProblem {
  /// The place in the batch of the sequence that has a number for the caller; nil where there is none.
  public func place(of number: Int) -> Int? {
    sequences.map { $0.firstIndex(of: number) } ?? number
  }

  /// Diagnoses every module, from the last to the first: each is handed the gradient by what the next one read.
  ///
  /// - Returns: the diagnoses, in the order of the modules.
  /// - Throws: ``DiagnosisError``, or `LinearAlgebraError` where a decomposition of W_hh fails.
  public func diagnoses(
    plan: DiagnosisPlan = DiagnosisPreset.standard.plan, progress: (String) -> Void = { _ in }
  ) throws -> [ModelDiagnosis] {
    if modules.count > 1 { try clip.checkIsOfParts(model: modules[0].name) }
    var read = [data]
    var given: [[Double]] = []
    for module in modules.dropLast() {
      let inputs = mirrored(read[read.count - 1], if: module.goesBackwards)
      progress("forward pass of \(module.name)")
      let outputs = try ModelProblem(name: module.name, network: module.network, data: inputs, loss: loss)
        .outputs()
      given.append(outputs)
      var rows = outputs
      for layer in module.link { rows = layer.forward(rows, rows: data.shape.rowCount) }
      read.append(NetworkInputs(shape: data.shape, inputs: .dense(rows)))
    }
    var found: [ModelDiagnosis] = []
    var loss = loss
    for (k, module) in modules.enumerated().reversed() {
      var problem = ModelProblem(
        name: module.name, network: module.network, data: mirrored(read[k], if: module.goesBackwards),
        loss: loss)
      problem.clip = clip
      problem.absent = module.absent
      problem.sequences = sequences
      problem.notes = notes
      let prefix = modules.count > 1 ? "\(module.name): " : ""
      let diagnosis = try ModelDiagnosis(problem, plan: plan) { progress(prefix + $0) }
      found.append(diagnosis)
      if k > 0, var gradients = diagnosis.inputGradients {
        if module.goesBackwards { gradients = mirrored(gradients) }
        loss = .upstream(
          NetworkUpstream(outputs: back(through: modules[k - 1].link, gradients, from: given[k - 1])))
      }
    }
    return found.reversed()
  }

  /// Inputs in the order in which a module that goes backwards reads them.
  private func mirrored(_ inputs: NetworkInputs<Double>, if goesBackwards: Bool) -> NetworkInputs<Double> {
    guard goesBackwards else { return inputs }
    var inputs = inputs
    switch inputs.inputs {
    case .dense(let values):
      let rows = ScaledRows(width: values.count / data.shape.rowCount, values: values)
      inputs.inputs = .dense(mirrored(rows).values)
    case .tokens(let ids, let count):
      inputs.inputs = .tokens(mirrored(ids, width: 1), count: count)
    }
    return inputs
  }

  private func mirrored(_ rows: ScaledRows<Double>) -> ScaledRows<Double> {
    ScaledRows(
      width: rows.width, values: mirrored(rows.values, width: rows.width),
      exponents: mirrored(rows.exponents, width: 1))
  }

  /// Steps from the last to the first, for sequences of one length.
  private func mirrored<Number>(_ values: [Number], width: Int) -> [Number] {
    precondition(data.shape.lengths == nil, "a module that goes backwards reads sequences of one length")
    let step = data.shape.batch * width
    return (0..<data.shape.steps).reversed().flatMap { values[$0 * step..<($0 + 1) * step] }
  }

  /// ∂L/∂outputs of a module of ∂L/∂ by what its link gives.
  private func back(
    through link: [any HeadLayer], _ gradients: ScaledRows<Double>, from outputs: [Double]
  ) -> ScaledRows<Double> {
    guard !link.isEmpty else { return gradients }
    let rows = gradients.exponents.count
    var activations = [outputs]
    for layer in link { activations.append(layer.forward(activations[activations.count - 1], rows: rows)) }
    var values = gradients.values
    for (l, layer) in link.enumerated().reversed() {
      values = layer.backward(values, x: activations[l], y: activations[l + 1], rows: rows)
    }
    return ScaledRows(width: outputs.count / rows, values: values, exponents: gradients.exponents)
  }
}

extension ModelProblem {
  /// What the last layer gives [rows, D·H].
  ///
  /// - Throws: ``DiagnosisError/diverged(model:_:)``.
  public func outputs() throws(DiagnosisError) -> [Double] {
    switch model.cell.accept(OutputsVisitor(problem: self)) {
    case .success(let outputs): return outputs
    case .failure(let error): throw error
    }
  }
}

private struct OutputsVisitor: CellVisitor {
  typealias Element = Double
  let problem: ModelProblem

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> Result<[Double], DiagnosisError>
  where Cell.Element == Double {
    let pass = NetworkPass<Cell>()
    pass.run(problem.network, on: problem.data)
    if let divergence = pass.divergence {
      return .failure(.diverged(model: problem.name, divergence))
    }
    return .success(pass.outputs)
  }
}
