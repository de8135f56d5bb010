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
    var request = ModelFilesRequest(
      model: try directory.write(model), inputs: try directory.write(numbers: inputs, to: "x.npy"))
    request.layoutOfBatch = .timeFirst
    return request
  }

  private func light(_ request: ModelFilesRequest) throws -> ModelDiagnosis {
    try request.read().problem.diagnoses(plan: DiagnosisPreset.light.plan)[0]
  }

  private static let size = "T = 6 steps, B = 2 sequences"

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
    case .binaryCrossEntropyFinal:
      request.targets = try directory.write(Self.shares(targets[0..<5]), shape: [1, 5], to: "y.npy")
    case .binaryCrossEntropyEveryStep:
      request.targets = try directory.write(Self.shares(targets[...]), shape: [6, 1, 5], to: "y.npy")
    }
    let (problem, notes) = try request.read()
    #expect(notes.first == "T = 6 steps, B = 1 sequence" && notes[1].hasPrefix("loss: \(kind.rawValue)"))
    let found = try problem.diagnoses(plan: DiagnosisPlan(measures: [.states]))[0]
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
    func binary(_ t: Int, _ targets: [Double]) -> Double {
      zip(outputs(t), targets).reduce(0.0) { sum, pair in
        let share = 1 / (1 + exp(-pair.0))
        return sum - pair.1 * log(share) - (1 - pair.1) * log(1 - share)
      } / 5
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
    case .binaryCrossEntropyFinal: expected = binary(6, Self.shares(targets[0..<5]))
    case .binaryCrossEntropyEveryStep:
      expected = (1...6).reduce(0.0) { $0 + binary($1, Self.shares(targets[($1 - 1) * 5..<$1 * 5])) } / 6
    }
    #expect(difference([try #require(found.loss)], [expected], relative: 1e-12) == nil)
  }

  /// Numbers in 0…1.
  private static func shares(_ numbers: ArraySlice<Double>) -> [Double] { numbers.map { 1 / (1 + exp(-$0)) } }

  @Test(arguments: [
    ([2, 5], true, LossKind.finalMeanSquaredError),
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
      try chosen.read().notes
        == [
          Self.size,
          "loss: \(kind.rawValue), which matches the targets"
            + (kind.placement == .everyStep
              ? "" : ", of the final states h_n; --reads last-output, mean or max for others"),
        ])
    #expect(try asked.read().notes.count == 2)
    #expect(try light(chosen).loss == (try light(asked)).loss)
  }

  @Test func withoutTargetsTheFinalSumIsTakenAndSaid() throws {
    let read = try request().read()
    #expect(
      read.notes == [
        Self.size,
        "loss: final-sum, since there are no targets, of the final states h_n; --targets and --loss for another",
        "not used: readout.weight [5, 4], readout.bias [5]: the loss does not read the readout",
      ])
    guard case .sequence(is FinalDotLoss<Double>, .finalStates) = read.problem.loss else {
      Issue.record("\(read.problem.loss)")
      return
    }
  }

  @Test func theNonlinearityIsSaidWhereItIsAssumed() throws {
    var request = try request(SmallModel(.rnn))
    let plain = SmallModel(.rnn).model()
    try SafetensorsFile.write(tensors: try TrainedModel.tensors(of: plain), to: request.model)
    #expect(
      try request.read().notes.first?.hasPrefix("the nonlinearity is not stored: tanh is assumed") == true)
    request.nonlinearity = .relu
    let read = try request.read()
    #expect(read.problem.modules[0].network.cell == .rnnRelu)
    #expect(read.notes.count == 2 && !read.notes[0].hasPrefix("the nonlinearity"))
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
      #expect(
        problem.loss.placement(of: problem.data.shape).count(of: 6)
          == (kind == .finalMeanSquaredError ? 1 : 6))
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
    last.layoutOfBatch = .batchFirst
    for kind in [
      LossKind.meanSquaredErrorEveryStep, .crossEntropyEveryStep, .crossEntropyFinal, .finalSum,
    ] {
      (first.loss, last.loss) = (kind, kind)
      (first.reading, last.reading) = kind == .crossEntropyFinal ? (.lastOutput, .lastOutput) : (nil, nil)
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
    request.layoutOfBatch = batchFirst ? .batchFirst : nil
    let problem = try request.read().problem
    #expect(problem.data.shape == BatchShape(steps: 6, batch: 1))
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
    var request = ModelFilesRequest(model: path, inputs: inputs)
    request.layoutOfBatch = .timeFirst
    #expect(try request.read().problem.name == "my.best")
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
          == "x.npy: has shape \(shape); the model reads [T, B, 3], [B, T, 3], or [T, 3] for one sequence")
    }
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
        == "x.npy: final-mse needs targets [B, O], or [B] where O = 1: give --targets FILE.npy")
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
    for shape in [[], [6, 2, 5, 1], [4], [2, 4]] {
      let message = try refusal { $0.targets = try directory.write(numbers: shape, to: "y.npy") }
      #expect(
        message.hasPrefix(
          "y.npy: float64 targets of shape \(shape) match no loss for T = 6, B = 2 and 5 outputs; final-dot: [D·H]; "
            + "final-mse: [B, O], or [B] where O = 1; "), "\(message)")
    }
  }

  @Test func classesAreThoseOfTheReadout() throws {
    for (value, shown) in [(5, "5"), (-1, "-1"), (.max, "9223372036854775807")] {
      #expect(
        try refusal { $0.targets = try directory.write([0, value], shape: [2], to: "y.npy") }
          == "y.npy: element 1 (row-major) is class \(shown); the readout has classes 0…4"
          + (value == -1 ? "; targets that take no part are -100 (--ignore-index -1 for these)" : ""))
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

  @Test func whatALossDoesNotHaveIsNotPassedOver() throws {
    let changes: [(String, (inout ModelFilesRequest) -> Void)] = [
      (
        "--reads mean",
        {
          $0.loss = .crossEntropyEveryStep; $0.reading = .mean
        }
      ),
      (
        "--ignore-index",
        {
          $0.loss = .meanSquaredErrorEveryStep; $0.ignored = -1
        }
      ),
      ("--class-weights", { $0.classWeights = "w.npy" }), ("--merge", { $0.merge = .sum }),
      (
        "--readout",
        {
          $0.readout = "readout"; $0.head = ["readout"]
        }
      ),
    ]
    for (option, change) in changes {
      #expect(try refusal { change(&$0) }.hasPrefix("\(option): "), "\(option)")
    }
    let sum = try refusal {
      $0.loss = .finalSum
      $0.readout = "readout"
    }
    #expect(sum.hasPrefix("--readout: "))
    let besides: [(inout ModelFilesRequest) -> Void] = [
      { $0.loss = .finalSum }, { $0.reading = .mean }, { $0.ignored = -1 }, { $0.classWeights = "w.npy" },
      { $0.merge = .sum },
    ]
    for change in besides {
      let message = try refusal {
        $0.upstream = try directory.write(numbers: [6, 2, 4], to: "g.npy")
        change(&$0)
      }
      #expect(message.contains("gradients are given in place of a loss"))
    }
  }

  /// Biases that a file does not have, and a readout that hands outputs through, are no parameters.
  @Test func whatTheModelDoesNotHaveIsInNoGradient() throws {
    let tensors = try TrainedModel.tensors(of: SmallModel(.gru).model())
    func names(_ kept: (String) -> Bool) throws -> [String] {
      let path = directory.file("some.safetensors")
      try SafetensorsFile.write(tensors: tensors.filter { kept($0.name) }, to: path)
      var request = try request(SmallModel(.gru))
      request.model = path
      request.targets = try directory.write(numbers: [2, 4], to: "y.npy")
      return try light(request).gradients.entries.map(\.name)
    }
    let weights = ["weight_ih_l0", "weight_hh_l0"]
    #expect(try names { _ in true } == weights + ["bias_ih_l0", "bias_hh_l0"])
    #expect(try names { !$0.contains("bias") } == weights)
  }

  /// Targets of every step have a first extent that may be T.
  @Test func targetsOfEveryStepTellNoAxis() throws {
    for (inputs, targets) in [([6, 5, 3], [6, 5]), ([6, 1, 3], [6, 1]), ([6, 1, 3], [6])] {
      let message = try refusal {
        $0.inputs = try directory.write(numbers: inputs, to: "x.npy")
        $0.layoutOfBatch = nil
        $0.targets = try directory.write(classes: targets, below: 5, to: "y.npy")
      }
      #expect(message.contains("nothing else tells"), "\(message)")
    }
  }

  @Test func labelsThatFitSeveralLossesAreAskedAbout() throws {
    let binary = try refusal(SmallModel(.lstm, readoutSize: 1)) {
      $0.targets = try directory.write([0.0, 1.0], shape: [2, 1], to: "y.npy")
    }
    #expect(binary.contains("binary-cross-entropy-final"))
    let shares = try refusal {
      $0.targets = try directory.write(
        [0.1, 0.2, 0.3, 0.2, 0.2, 0.5, 0.5, 0, 0, 0], shape: [2, 5], to: "y.npy")
    }
    #expect(shares.contains("probabilities"))
    let labels = try refusal {
      $0.inputs = try directory.write(numbers: [5, 3], to: "x.npy")
      $0.targets = try directory.write([0.0, 4.0, 2.0, 3.0, 1.0], shape: [5], to: "y.npy")
    }
    #expect(labels.contains("cross-entropy-every-step"))
  }

  @Test func gradientsMayBeGivenInPlaceOfALoss() throws {
    for (layers, directions) in [(1, 1), (2, 2)] {
      let model = SmallModel(.lstm, layers: layers, directions: directions)
      let width = 4 * directions
      var plain = try request(model)
      plain.reading = .lastOutput
      var given = plain
      given.reading = nil
      // ∂/∂outputs of their sum at the last step.
      var rows = [Double](repeating: 0, count: 12 * width)
      for k in 10 * width..<12 * width { rows[k] = 1 }
      given.upstream = try directory.write(rows, shape: [6, 2, width], to: "g.npy")
      let (a, b) = (try light(plain), try light(given))
      #expect(b.loss == nil && a.loss != nil)
      for (own, other) in zip(a.layers, b.layers) { #expect(own.steps.hidden == other.steps.hidden) }
      // The same through h_n, of the forward direction.
      var states = [Double](repeating: 0, count: layers * directions * 8)
      let last = (layers - 1) * directions * 8
      for k in last..<last + 8 { states[k] = 1 }
      given.upstream = nil
      given.upstreamHidden = try directory.write(states, shape: [layers * directions, 2, 4], to: "hn.npy")
      let c = try light(given)
      let place = (layers - 1) * directions
      #expect(c.layers[place].steps.hidden == a.layers[place].steps.hidden)
    }
  }

  /// A layer that goes backwards is one that reads the reversed sequence; below it the order is that of the sequence again.
  @Test func layersMayGoBackwards() throws {
    var tensors = ModelTensors.keras(gates: 4, inputs: 3, path: "m/lstm/cell")
    tensors.addKeras(gates: 4, inputs: 3, path: "m/lstm_1/cell")
    let path = directory.file("keras.npz")
    directory.write(tensors.npz, to: "keras.npz")
    let x = SmallModel.numbers(36)
    func reversed(_ values: [Double]) -> [Double] {
      (0..<6).reversed().flatMap { values[$0 * 6..<$0 * 6 + 6] }
    }
    func request(_ x: [Double], _ backwards: [String], prefix: String? = nil) throws -> ModelFilesRequest {
      var request = ModelFilesRequest(
        model: path, inputs: try directory.write(x, shape: [6, 2, 3], to: "x.npy"))
      request.layoutOfBatch = .timeFirst
      request.backwards = backwards
      request.prefix = prefix
      return request
    }
    let first = try request(x, ["lstm"], prefix: "m/lstm").read().problem.diagnoses(plan: DiagnosisPlan())
    let plain = try request(reversed(x), [], prefix: "m/lstm").read().problem.diagnoses(plan: DiagnosisPlan())
    #expect(first[0].loss == plain[0].loss && first[0].layers[0].steps == plain[0].layers[0].steps)
    // The second one alone goes backwards: what reaches the first comes to its first step from the second one's last.
    let both = try request(x, ["lstm_1"]).read().problem.diagnoses(plan: DiagnosisPlan())
    #expect(both.count == 2)
    let outputs = both[0].outputs
    guard case .dense(let read) = both[1].problem.data.inputs else { return }
    #expect(read == reversed(outputs))
    guard case .upstream(let upstream) = both[0].problem.loss else { return }
    #expect(upstream.outputs?.values == reversed(try #require(both[1].inputGradients).values))
    #expect(throws: CaseError.self) { try request(x, ["gru"]).read() }
  }

  /// h_n and output[:, -1] of two directions are different losses, and nothing tells which one was trained.
  @Test func whatAFinalLossReadsOfTwoDirectionsIsAskedFor() throws {
    let model = SmallModel(.gru, directions: 2, readoutSize: 5)
    let targets = try directory.write([1, 4], shape: [2], to: "y.npy")
    let message = try refusal(model) { $0.targets = targets }
    #expect(message.hasPrefix("--reads: of two directions, cross-entropy-final may read h_n"))
    #expect(try refusal(model) { ($0.targets, $0.reading) = (targets, .lastOutput) } == "nothing")
  }

  @Test func meansAndMaximaOfTheOutputsAreRead() throws {
    let model = SmallModel(.gru, readoutSize: 5)
    for reading in [OutputReading.mean, .max] {
      var request = try request(model)
      request.reading = reading
      request.targets = try directory.write([1, 4], shape: [2], to: "y.npy")
      let found = try light(request)
      let outputs = found.outputs
      let readout = try #require(model.readout)
      let loss = (0..<2).reduce(0.0) { sum, b in
        let read = (0..<4).map { k -> Double in
          let values = (0..<6).map { outputs[($0 * 2 + b) * 4 + k] }
          return reading == .mean ? values.reduce(0, +) / 6 : values.max() ?? 0
        }
        let y = (0..<5).map { o in (0..<4).reduce(readout.bias[o]) { $0 + readout.weight[o, $1] * read[$1] } }
        return sum + (log(y.reduce(0) { $0 + exp($1) }) - y[b == 0 ? 1 : 4]) / 2
      }
      #expect((try #require(found.loss) - loss).magnitude < 1e-12)
    }
  }

  @Test func initialStatesThatDoNotFitAreRefused() throws {
    for cell in [CellKind.rnn, .rnnRelu, .gru] {
      let message = try refusal(SmallModel(cell)) {
        $0.initialCell = try directory.write(numbers: [2, 4], to: "c0.npy")
      }
      #expect(message == "c0.npy: the model's cell, \(cell.rawValue), has no cell state; omit --c0")
    }
    for shape in [[2, 2, 4], [2, 1, 4], [3], [], [0, 2, 4]] {
      let message = try refusal { $0.initialHidden = try directory.write(numbers: shape, to: "h0.npy") }
      #expect(message == "h0.npy: has shape \(shape), must have [1, 2, 4] by the model and its inputs")
    }
    let stack = try refusal(SmallModel(.lstm, layers: 2, readoutSize: 5)) {
      $0.initialHidden = try directory.write(numbers: [3, 4], to: "h0.npy")
    }
    #expect(stack == "h0.npy: has shape [3, 4], must have [2, 2, 4] by the model and its inputs")
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
