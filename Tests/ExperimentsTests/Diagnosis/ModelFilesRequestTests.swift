import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("A model and its data as files") struct ModelFilesRequestTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// A model of I = 3, H = 4 with a readout of 5, on T = 6, B = 2.
  private func request(
    _ model: SmallModel = SmallModel(.lstm, readoutSize: 5), inputs: [Int] = [6, 2, 3]
  ) throws -> ModelFilesRequest {
    ModelFilesRequest(
      model: try directory.write(model), inputs: try directory.write(numbers: inputs, to: "x.npy"))
  }

  private func light(_ request: ModelFilesRequest) throws -> ModelDiagnosis {
    try ModelDiagnosis(try request.read().problem, plan: DiagnosisPreset.light.plan)
  }

  // MARK: - Losses

  /// Each loss of a batch of one, computed plainly from the states and the readout.
  @Test(arguments: LossKind.ofModels) func everyLossIsWhatItsNameSays(_ kind: LossKind) throws {
    let model = SmallModel(.gru, readoutSize: 5)
    var request = try request(model, inputs: [6, 1, 3])
    request.loss = kind
    let targets = SmallModel.numbers(30, seed: 4)
    let classes = [0, 1, 2, 3, 4, 0]
    switch kind {
    case .finalSum, .task: break
    case .finalDot: request.targets = try directory.write(Array(targets.prefix(4)), shape: [4], to: "y.npy")
    case .finalMeanSquaredError:
      request.targets = try directory.write(Array(targets.prefix(5)), shape: [1, 5], to: "y.npy")
    case .meanSquaredErrorEveryStep:
      request.targets = try directory.write(targets, shape: [6, 1, 5], to: "y.npy")
    case .crossEntropyFinal: request.targets = try directory.write([3], shape: [1], to: "y.npy")
    case .crossEntropyEveryStep:
      request.targets = try directory.write(classes, shape: [6, 1], to: "y.npy")
    }
    let (problem, notes) = try request.read()
    #expect(notes.isEmpty)
    let found = try ModelDiagnosis(problem, plan: DiagnosisPlan(measures: [.states]))
    let states = try #require(found.layers[0].states).hidden
    let readout = try #require(model.readout)
    func state(_ t: Int) -> [Double] { Array(states[t * 4..<(t + 1) * 4]) }
    func outputs(_ t: Int) -> [Double] {
      let h = state(t)
      return (0..<5).map { o -> Double in
        (0..<4).reduce(readout.bias[o]) { $0 + readout.weight[o, $1] * h[$1] }
      }
    }
    func squares(_ t: Int, _ targets: ArraySlice<Double>) -> Double {
      zip(outputs(t), targets).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 5
    }
    func entropy(_ t: Int, _ place: Int) -> Double {
      log(outputs(t).reduce(0.0) { $0 + exp($1) }) - outputs(t)[place]
    }
    let expected: Double
    switch kind {
    case .finalSum, .task: expected = state(6).reduce(0, +)
    case .finalDot: expected = zip(state(6), targets).reduce(0.0) { $0 + $1.0 * $1.1 }
    case .finalMeanSquaredError: expected = squares(6, targets[0..<5])
    case .meanSquaredErrorEveryStep:
      expected = (1...6).reduce(0.0) { $0 + squares($1, targets[($1 - 1) * 5..<$1 * 5]) } / 6
    case .crossEntropyFinal: expected = entropy(6, 3)
    case .crossEntropyEveryStep: expected = (1...6).reduce(0.0) { $0 + entropy($1, classes[$1 - 1]) } / 6
    }
    #expect(difference([found.loss], [expected], relative: 1e-12) == nil)
  }

  @Test(arguments: [
    ([4], true, LossKind.finalDot), ([2, 5], true, .finalMeanSquaredError),
    ([6, 2, 5], true, .meanSquaredErrorEveryStep), ([2], false, .crossEntropyFinal),
    ([6, 2], false, .crossEntropyEveryStep),
  ])
  func theLossSuitsTheTargetsAndIsSaid(_ shape: [Int], _ isReal: Bool, _ kind: LossKind) throws {
    var chosen = try request()
    chosen.targets =
      isReal
      ? try directory.write(numbers: shape, to: "y.npy")
      : try directory.write(classes: shape, below: 5, to: "y.npy")
    var asked = chosen
    asked.loss = kind
    #expect(
      try chosen.read().notes == ["loss: \(kind.rawValue), which matches the targets; use --loss for another"]
    )
    #expect(try asked.read().notes.isEmpty)
    #expect(try light(chosen).loss == (try light(asked)).loss)
  }

  @Test func withoutTargetsTheFinalSumIsTakenAndSaid() throws {
    let read = try request().read()
    #expect(
      read.notes == ["loss: final-sum, since there are no targets; use --targets and --loss for another"])
    #expect(read.problem.loss is FinalDotLoss<Double>)
  }

  @Test func theNonlinearityIsSaidWhereItIsAssumed() throws {
    var request = try request(SmallModel(.rnn))
    let plain = SmallModel(.rnn).model()
    try SafetensorsFile.write(tensors: try TrainedModel.tensors(of: plain), to: request.model)
    #expect(
      try request.read().notes.first?.hasPrefix("the nonlinearity is not stored: tanh is assumed") == true)
    request.nonlinearity = .relu
    let read = try request.read()
    #expect(read.problem.model.cell == .rnnRelu)
    #expect(read.notes.count == 1)
  }

  @Test func targetsAsWideAsTheStatesNeedNoReadout() throws {
    for (shape, kind) in [
      ([2, 4], LossKind.finalMeanSquaredError), ([6, 2, 4], .meanSquaredErrorEveryStep),
    ] {
      var request = try request(SmallModel(.gru))
      request.targets = try directory.write(numbers: shape, to: "y.npy")
      let problem = try request.read().problem
      #expect(problem.loss.readout?.weight == .identity(4))
      #expect(problem.loss.readout?.bias == [0, 0, 0, 0])
      #expect(problem.loss.placement.count(of: 6) == (kind == .finalMeanSquaredError ? 1 : 6))
    }
    var request = try request(SmallModel(.gru))
    request.targets = try directory.write(numbers: [2, 3], to: "y.npy")
    let error = #expect(throws: ModelFileError.self) { try request.read() }
    #expect(
      error?.description
        == "\(request.model): readout: no linear layer over the 4 hidden units; save it with the model, or choose a "
        + "loss without a readout")
  }

  // MARK: - Shapes

  @Test func theBatchMayBeFirst() throws {
    let model = SmallModel(.lstm, layers: 2, directions: 2, readoutSize: 5)
    func exchanged<Number>(_ values: [Number], _ rows: Int, _ columns: Int, _ width: Int) -> [Number] {
      var result: [Number] = []
      for column in 0..<columns {
        for row in 0..<rows {
          let first = (row * columns + column) * width
          result += values[first..<first + width]
        }
      }
      return result
    }
    let (x, y) = (SmallModel.numbers(36), SmallModel.numbers(60, seed: 3))
    let classes = (0..<12).map { $0 * 7 % 5 }
    var first = try request(model)
    var last = first
    last.inputs = try directory.write(exchanged(x, 6, 2, 3), shape: [2, 6, 3], to: "xb.npy")
    last.batchFirst = true
    for kind in [
      LossKind.meanSquaredErrorEveryStep, .crossEntropyEveryStep, .crossEntropyFinal, .finalSum,
    ] {
      (first.loss, last.loss) = (kind, kind)
      switch kind {
      case .meanSquaredErrorEveryStep:
        first.targets = try directory.write(y, shape: [6, 2, 5], to: "y.npy")
        last.targets = try directory.write(exchanged(y, 6, 2, 5), shape: [2, 6, 5], to: "yb.npy")
      case .crossEntropyEveryStep:
        first.targets = try directory.write(classes, shape: [6, 2], to: "y.npy")
        last.targets = try directory.write(exchanged(classes, 6, 2, 1), shape: [2, 6], to: "yb.npy")
      case .crossEntropyFinal:
        // One class a sequence: there is no time to stand first.
        first.targets = try directory.write([1, 4], shape: [2], to: "y.npy")
        last.targets = first.targets
      default: (first.targets, last.targets) = (nil, nil)
      }
      let (a, b) = (try light(first), try light(last))
      #expect(a.loss == b.loss)
      #expect(a.layers.map(\.steps) == b.layers.map(\.steps), "\(kind)")
    }
  }

  @Test(arguments: [false, true]) func oneSequenceNeedsNoBatch(_ batchFirst: Bool) throws {
    var request = try request(inputs: [6, 3])
    request.batchFirst = batchFirst
    let problem = try request.read().problem
    #expect(problem.steps == 6 && problem.batch == 1)
    #expect(problem.data.inputs == .dense(SmallModel.numbers(18)))
  }

  @Test func initialStatesHaveALineALayerAndDirection() throws {
    var request = try request(SmallModel(.lstm, layers: 2, directions: 2))
    request.initialHidden = try directory.write(numbers: [4, 2, 4], seed: 5, to: "h0.npy")
    let h = SmallModel.numbers(32, seed: 5)
    let states = try #require(try request.read().problem.data.initialState).layers
    #expect(states.map(\.count) == [2, 2])
    #expect(states[1][0].hidden == Array(h[16..<24]))
    // What is not given is zero.
    #expect(states[1][0].cell == Array(repeating: 0, count: 8))
    request.initialCell = try directory.write(numbers: [4, 2, 4], seed: 6, to: "c0.npy")
    #expect(
      try request.read().problem.data.initialState?.layers[0][1].cell
        == Array(SmallModel.numbers(32, seed: 6)[8..<16]))
    request.initialHidden = nil
    #expect(
      try request.read().problem.data.initialState?.layers[0][1].hidden == Array(repeating: 0, count: 8))
  }

  @Test func oneLayersInitialStateMayBeAMatrix() throws {
    var request = try request(SmallModel(.gru))
    for shape in [[2, 4], [1, 2, 4]] {
      request.initialHidden = try directory.write(numbers: shape, seed: 5, to: "h0.npy")
      let states = try #require(try request.read().problem.data.initialState).layers
      #expect(states == [[InitialState(hidden: SmallModel.numbers(8, seed: 5))]])
    }
  }

  @Test func theNameIsThatOfTheFile() throws {
    let path = try directory.write(SmallModel(.gru), to: "my.best.safetensors")
    let inputs = try directory.write(numbers: [2, 1, 3], to: "x.npy")
    #expect(try ModelFilesRequest(model: path, inputs: inputs).read().problem.name == "my.best")
  }

  // MARK: - Refusals

  private func refusal(
    _ model: SmallModel = SmallModel(.lstm, readoutSize: 5), inputs: [Int] = [6, 2, 3],
    _ change: (inout ModelFilesRequest) throws -> Void = { _ in }
  ) throws -> String {
    var request = try request(model, inputs: inputs)
    try change(&request)
    do {
      _ = try request.read()
      return "nothing"
    } catch {
      return "\(error)".replacingOccurrences(of: directory.path + "/", with: "")
    }
  }

  @Test func inputsOfAnotherShapeAreRefused() throws {
    for shape in [[6, 2, 4], [6, 2], [3], [], [6, 2, 3, 1], [0, 2, 3], [6, 0, 3], [6, 2, 0], [0, 3]] {
      #expect(
        try refusal(inputs: shape)
          == "x.npy: has shape \(shape); the model expects [T, B, 3], or [T, 3] for one sequence")
    }
    #expect(
      try refusal(inputs: [2, 6, 4]) { $0.batchFirst = true }
        == "x.npy: has shape [2, 6, 4]; the model expects [B, T, 3], or [T, 3] for one sequence")
  }

  @Test func numbersThatAreNoneAreRefused() throws {
    for (value, name) in [(Double.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf")] {
      var x = SmallModel.numbers(36)
      x[4] = value
      let message = "element 4 (row-major) is \(name); inputs, targets and weights must be finite"
      #expect(
        try refusal { $0.inputs = try directory.write(x, shape: [6, 2, 3], to: "x.npy") } == "x.npy: "
          + message)
      #expect(
        try refusal { $0.targets = try directory.write(Array(x[0..<10]), shape: [2, 5], to: "y.npy") }
          == "y.npy: " + message)
      #expect(
        try refusal { $0.initialHidden = try directory.write(Array(x[0..<8]), shape: [2, 4], to: "h0.npy") }
          == "h0.npy: " + message)
    }
  }

  @Test func targetsThatDoNotFitAreRefused() throws {
    #expect(
      try refusal { $0.loss = .finalMeanSquaredError }
        == "x.npy: final-mse needs targets [B, O]: give --targets FILE.npy")
    #expect(
      try refusal {
        $0.loss = .finalSum
        $0.targets = try directory.write(numbers: [4], to: "y.npy")
      } == "y.npy: final-sum takes no targets; omit one of the two")
    for (kind, shape, expected) in [
      (LossKind.finalDot, [3], "[4]"), (.finalDot, [], "[4]"),
      (.finalMeanSquaredError, [5, 2], "[2, 5]"), (.finalMeanSquaredError, [0, 0], "[2, 5]"),
      (.meanSquaredErrorEveryStep, [2, 6, 5], "[6, 2, 5]"), (.crossEntropyFinal, [2, 1], "[2]"),
      (.crossEntropyEveryStep, [2, 6], "[6, 2]"), (.crossEntropyEveryStep, [12], "[6, 2]"),
    ] {
      let message = try refusal {
        $0.loss = kind
        $0.targets = try directory.write(numbers: shape, to: "y.npy")
      }
      #expect(message == "y.npy: has shape \(shape), must have \(expected) by the model and its inputs")
    }
    for shape in [[], [6, 2, 5, 1]] {
      let message = try refusal { $0.targets = try directory.write(numbers: shape, to: "y.npy") }
      #expect(
        message
          == "y.npy: targets of shape \(shape) match no loss; final-sum: none; final-dot: [D·H]; final-mse: "
          + "[B, O]; mse-every-step: [T, B, O]; cross-entropy-final: [B], integers; cross-entropy-every-step: "
          + "[T, B], integers")
    }
  }

  @Test func classesAreThoseOfTheReadout() throws {
    for (value, shown) in [(5, "5"), (-1, "-1"), (.max, "9223372036854775807")] {
      #expect(
        try refusal { $0.targets = try directory.write([0, value], shape: [2], to: "y.npy") }
          == "y.npy: element 1 (row-major) is class \(shown); the readout has classes 0…4")
    }
    let message = try refusal {
      $0.loss = .crossEntropyFinal
      $0.targets = try directory.write([0, 0.5], shape: [2], to: "y.npy")
    }
    #expect(
      message == "y.npy: element [1]: the value 0.5; each element must be a whole number within 64 bits")
    // Whole numbers that are stored as floating point are classes all the same.
    #expect(
      try refusal {
        $0.loss = .crossEntropyFinal
        $0.targets = try directory.write([0.0, 4.0], shape: [2], to: "y.npy")
      } == "nothing")
    #expect(
      try refusal(SmallModel(.lstm)) { $0.targets = try directory.write([0, 1], shape: [2], to: "y.npy") }
        == "model.safetensors: readout: no linear layer over the 4 hidden units; save it with the model, or choose "
        + "a loss without a readout")
  }

  @Test func initialStatesThatDoNotFitAreRefused() throws {
    for cell in [CellKind.rnn, .rnnRelu, .gru] {
      let message = try refusal(SmallModel(cell)) {
        $0.initialCell = try directory.write(numbers: [2, 4], to: "c0.npy")
      }
      #expect(message == "c0.npy: the model's cell, \(cell.rawValue), has no cell state; omit --c0")
    }
    for shape in [[2, 2, 4], [2, 1, 4], [4], [], [0, 2, 4]] {
      let message = try refusal { $0.initialHidden = try directory.write(numbers: shape, to: "h0.npy") }
      #expect(message == "h0.npy: has shape \(shape), must have [1, 2, 4] by the model and its inputs")
    }
    let stack = try refusal(SmallModel(.lstm, layers: 2, readoutSize: 5)) {
      $0.initialHidden = try directory.write(numbers: [2, 4], to: "h0.npy")
    }
    #expect(stack == "h0.npy: has shape [2, 4], must have [2, 2, 4] by the model and its inputs")
  }

  /// Shapes that a header may claim whatever its file holds.
  @Test func claimsOfAnySizeAreRefusedWithTheirFile() throws {
    let claims = [
      "(1000000000000, 1000000000000, 3)", "(9223372036854775807, 9223372036854775807)",
      "(4611686018427387904, 2, 3)", "()",
    ]
    for (claim, file) in claims.flatMap({ claim in ["x.npy", "y.npy", "h0.npy"].map { (claim, $0) } }) {
      var header = "{'descr': '<f8', 'fortran_order': False, 'shape': \(claim), }"
      header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
      let bytes =
        [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8) + [UInt8](repeating: 0, count: 8)
      let message = try refusal {
        let path = directory.write(bytes, to: file)
        if file == "y.npy" { $0.targets = path }
        if file == "h0.npy" { $0.initialHidden = path }
      }
      #expect(message.hasPrefix("\(file): "), "\(message)")
      #expect(HostileReading.complaint(aboutMessage: message) == nil)
    }
  }

  @Test func missingFilesAreNamed() throws {
    let none = directory.file("none")
    let changes: [(inout ModelFilesRequest) -> Void] = [
      { $0.model = none }, { $0.inputs = none }, { $0.targets = none }, { $0.initialHidden = none },
      { $0.initialCell = none },
    ]
    for change in changes {
      #expect(try refusal { change(&$0) } == "none: no such file; give the path of an existing file")
    }
  }
}
