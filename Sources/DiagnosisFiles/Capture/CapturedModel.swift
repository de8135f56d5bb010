import GradientFlow
import TextFiles

/// A captured module with its weights, ready to be run again.
struct CapturedModel {
  let module: CapturedUpdate.Module
  let update: CapturedUpdate
  let model: RecurrentModel<Double>
  /// Files of parameters that were read.
  private let files: [String: NPZFile]

  /// Reads the weights of a module.
  ///
  /// - Throws: ``CaseError`` or `ModelFileError` for arrays that are missing, of another shape, or not finite.
  init(_ module: CapturedUpdate.Module, of update: CapturedUpdate) throws {
    self.module = module
    self.update = update
    var files: [String: NPZFile] = [:]
    func array(_ number: Int) throws -> [Double] {
      let parameter = update.parameters[number]
      if files[parameter.file] == nil {
        let digest = update.modules.compactMap(\.arrays).first { $0.name == parameter.file }
        guard let digest else {
          throw CaseError(
            .malformed, place: PathName.joined(update.folder, "update.json"),
            problem:
              "the parameter \(Excerpt.quoted(parameter.name)) is in '\(parameter.file)', which is of no module"
          )
        }
        files[parameter.file] = try digest.arrays(in: update.folder)
      }
      return try update.checked(parameter.key, in: files[parameter.file], parameter.file)
        .doubles(shape: parameter.shape)
    }
    let directions = module.isBidirectional ? 2 : 1
    let (hidden, gates) = (module.hiddenSize, module.cell.gates.count)
    let place = PathName.joined(update.folder, "update.json")
    guard module.layers.count == module.layerCount, module.layers.allSatisfy({ $0.count == directions })
    else {
      throw CaseError(
        .malformed, place: place,
        problem:
          "\(Excerpt.quoted(module.name)) is said to have \(module.layerCount) layers of \(directions) directions but lists "
          + "parameters of others")
    }
    var layers: [[RecurrentParameters<Double>]] = []
    for (l, layer) in module.layers.enumerated() {
      let inputs = l == 0 ? module.inputSize : directions * hidden
      layers.append(
        try layer.map { names in
          func matrix(_ number: Int, _ columns: Int) throws -> Matrix<Double> {
            try check(number, [gates * hidden, columns])
            return Matrix(rows: gates * hidden, columns: columns, values: try array(number))
          }
          func bias(_ number: Int?) throws -> [Double] {
            guard let number else { return Array(repeating: 0, count: gates * hidden) }
            try check(number, [gates * hidden])
            return try array(number)
          }
          func check(_ number: Int, _ shape: [Int]) throws {
            let parameter = update.parameters[number]
            guard parameter.shape == shape else {
              throw CaseError(
                .malformed, place: place,
                problem:
                  "\(Excerpt.quoted(parameter.name)) has shape \(parameter.shape); \(Excerpt.quoted(module.name)) "
                  + "needs \(shape)")
            }
          }
          return RecurrentParameters(
            weightIH: try matrix(names.weightIH, inputs), weightHH: try matrix(names.weightHH, hidden),
            biasIH: try bias(names.biasIH), biasHH: try bias(names.biasHH))
        })
    }
    model = RecurrentModel(cell: module.cell, layers: layers)
    self.files = files
  }

  /// The biases that the module does not have, by the names of gradients.
  private var absent: Set<String> {
    var found: Set<String> = []
    for (l, layer) in module.layers.enumerated() {
      for (names, direction) in zip(layer, Direction.allCases) {
        if names.biasIH == nil { found.insert("bias_ih" + direction.suffix(layer: l)) }
        if names.biasHH == nil { found.insert("bias_hh" + direction.suffix(layer: l)) }
      }
    }
    return found
  }

  /// Autograd's gradient of a parameter; nil where there is none.
  func gradient(of number: Int) throws -> [Double]? {
    let parameter = update.parameters[number]
    guard let key = parameter.gradient else { return nil }
    return try update.checked(key, in: files[parameter.file], parameter.file).doubles(shape: parameter.shape)
  }

  /// What is to be diagnosed of a sequence, and what there is to compare it with.
  ///
  /// - Parameter name: of the problem.
  /// - Throws: ``CaseError`` or `ModelFileError` for arrays that are missing, of another shape, or not finite.
  func sequence(_ sequence: CapturedUpdate.Sequence, name: String) throws -> CapturedSequence {
    let file = try sequence.arrays.arrays(in: update.folder)
    let (steps, batch) = (sequence.steps, sequence.batch)
    let (width, hidden) = (model.outputSize, model.hiddenSize)
    let count = model.layers.count * model.directions.count
    func values(_ key: String, _ shape: [Int]) throws -> [Double]? {
      guard file[key] != nil else { return nil }
      return try update.checked(key, in: file, sequence.arrays.name).doubles(shape: shape)
    }
    func needed(_ key: String, _ shape: [Int]) throws -> [Double] {
      try update.checked(key, in: file, sequence.arrays.name).doubles(shape: shape)
    }
    if file["grad_cells"] != nil {
      throw CaseError(
        .unsupported, place: module.name,
        problem:
          "cell states c_t before the last are read by something else than the cell: the gradient that enters there "
          + "is not followed; read h_t instead, or diagnose without it")
    }
    var order: SequenceOrder?
    if sequence.isPacked {
      let lengths = try update.checked("lengths", in: file, sequence.arrays.name)
        .classes(shape: [batch], count: steps + 1, what: ("length", "lengths are in"))
      guard lengths.allSatisfy({ $0 > 0 }), lengths.max() == steps else {
        throw CaseError(
          .malformed, place: PathName.joined(update.folder, sequence.arrays.name),
          problem: "lengths must be 1…\(steps), the longest \(steps)"
        )
      }
      order = SequenceOrder(lengths)
    }
    func packed(_ values: [Double], _ width: Int) -> [Double] { order?.pack(values, width: width) ?? values }
    func rows(_ values: [Double]?, _ place: Int) -> [Double]? {
      values.map { values in
        let own = Array(values[place * batch * hidden..<(place + 1) * batch * hidden])
        return order?.packed(own, width: hidden) ?? own
      }
    }
    func places<Value>(_ make: (Int) -> Value) -> [[Value]] {
      model.layers.indices.map { l in
        model.directions.indices.map { d in make(l * model.directions.count + d) }
      }
    }
    let states = [count, batch, hidden]
    let (h0, c0) = (try values("h0", states), try values("c0", states))
    let zero = [Double](repeating: 0, count: batch * hidden)
    let initial: [[InitialState<Double>]]? =
      h0 == nil && c0 == nil
      ? nil
      : places { k in
        InitialState(
          hidden: rows(h0, k) ?? zero, cell: model.cell.carriesCellState ? rows(c0, k) ?? zero : nil)
      }
    let (gradHidden, gradCell) = (try values("grad_hn", states), try values("grad_cn", states))
    let final: [[StateGradients<Double>]]? =
      gradHidden == nil && gradCell == nil
      ? nil
      : places { k in
        StateGradients(
          hidden: rows(gradHidden, k).map { ScaledRows(width: hidden, values: $0) },
          cell: rows(gradCell, k).map { FinalCellGradient(values: $0, batch: batch) })
      }
    let outside = try values("grad_output", [steps, batch, width]).map {
      ScaledRows(width: width, values: packed($0, width))
    }
    var problem = ModelProblem(
      name: name, network: Network(model),
      data: NetworkInputs(
        shape: order?.shape ?? BatchShape(steps: steps, batch: batch),
        inputs: .dense(packed(try needed("inputs", [steps, batch, module.inputSize]), module.inputSize)),
        initialState: initial.map { NetworkState(layers: $0) }),
      loss: .upstream(NetworkUpstream(loss: update.loss, outputs: outside, finalStates: final)))
    problem.sequences = order?.sequences
    problem.absent = absent
    if file["tokens"] != nil {
      let ids = try update.checked("tokens", in: file, sequence.arrays.name)
        .classes(shape: [steps, batch], count: Int.max, what: ("token", "tokens are in"))
      problem.tokens = order?.pack(ids, width: 1) ?? ids
    }
    return CapturedSequence(
      problem: problem, outputs: try values("output", [steps, batch, width]).map { packed($0, width) },
      finalHidden: try values("hn", states).map { values in places { rows(values, $0) ?? [] } },
      finalCell: try values("cn", states).map { values in places { rows(values, $0) ?? [] } },
      inputGradients: try values("grad_inputs", [steps, batch, module.inputSize]).map {
        packed($0, module.inputSize)
      })
  }
}

/// A sequence to be diagnosed, and what automatic differentiation found of it.
struct CapturedSequence {
  let problem: ModelProblem
  /// [rows, D·H]; nil where they were not kept.
  let outputs: [Double]?
  /// h_T and c_T by layer, then by direction; nil where they were not kept.
  let finalHidden, finalCell: [[[Double]]]?
  /// ∂L/∂x [rows, I]; nil where nothing asked for it.
  let inputGradients: [Double]?
}

extension CapturedUpdate {
  /// An array of a file that was read.
  func checked(_ key: String, in file: NPZFile?, _ name: String) throws(CaseError) -> CheckedArray {
    let path = PathName.joined(folder, name)
    guard let array = file?[key] else {
      throw CaseError(.malformed, place: path, problem: "has no array '\(key)'; capture again")
    }
    return CheckedArray(place: "\(path): \(key)", array: array, sizes: .ofCapture)
  }
}
