import ArgumentParser
import Experiments
import GradientFlow

extension LossKind: ExpressibleByArgument {
  public init?(argument: String) {
    guard let kind = LossKind(rawValue: argument), LossKind.ofModels.contains(kind) else { return nil }
    self = kind
  }

  public static var allValueStrings: [String] { ofModels.map(\.rawValue) }
}
extension OutputReading: ExpressibleByArgument {
  public init?(argument: String) {
    let name = argument == "last" ? "last-output" : argument
    guard let reading = Self.ofSequences.first(where: { $0.rawValue == name }) else { return nil }
    self = reading
  }

  public static var allValueStrings: [String] { ofSequences.map(\.rawValue) }
}
extension ModelLayout: ExpressibleByArgument {}
extension Activation: ExpressibleByArgument {}
extension HeadMerge: ExpressibleByArgument {}

/// A model in a file of weights, and what it is run on.
struct ModelOptions: ParsableArguments {
  @Option(help: "Inputs, .npy: numbers, or token ids.", completion: .file(extensions: ["npy"]))
  var inputs: String?

  @Option(
    help: "Lengths of the sequences [B], .npy; what is behind them is padding.",
    completion: .file(extensions: ["npy"]))
  var lengths: String?

  @Flag(name: .customLong("batch-first"), help: "Inputs, and targets at every step, are [B, T, ...].")
  var batchFirst = false

  @Flag(
    name: .customLong("time-first"),
    help: "Inputs, and targets at every step, are [T, B, ...]. Default: found where shapes tell.")
  var timeFirst = false

  @Option(
    name: .customLong("h0"), help: "Initial hidden states [L*D, B, H], .npy. Default: the model's own, or 0.")
  var initialHidden: String?

  @Option(
    name: .customLong("c0"), help: "Initial cell states [L*D, B, H], .npy. Default: the model's own, or 0.")
  var initialCell: String?

  @Option(help: "Targets of the loss, .npy.", completion: .file(extensions: ["npy"]))
  var targets: String?

  @Option(help: "Loss to differentiate. Default: chosen to match the targets; final-sum without targets.")
  var loss: LossKind?

  @Option(
    help:
      "What a loss that reads each sequence once reads: final-states (h_n), last-output (output[-1]), mean or max of the outputs. Default: final-states."
  )
  var reads: OutputReading?

  @Option(
    help:
      "What stands between the recurrent layers and the loss, in its order: layers of the file and activations, as in norm,fc1,relu,fc2. Default: one linear layer, found by its width."
  )
  var head: String?

  @Option(
    name: .customLong("ignore-index"), parsing: .unconditional,
    help: "Class of targets that take no part. Default: -100.")
  var ignored: Int?

  @Option(
    name: .customLong("class-weights"), help: "Weights of the classes [O], .npy.",
    completion: .file(extensions: ["npy"]))
  var classWeights: String?

  @Option(help: "dL/doutput [T, B, D*H], .npy, in place of a loss.", completion: .file(extensions: ["npy"]))
  var upstream: String?

  @Option(name: .customLong("upstream-hn"), help: "dL/dh_n [L*D, B, H], .npy, in place of a loss.")
  var upstreamHidden: String?

  @Option(name: .customLong("upstream-cn"), help: "dL/dc_n [L*D, B, H], .npy, in place of a loss.")
  var upstreamCell: String?

  @Option(help: "Prefix of the recurrent layer's names, such as 'rnn.'. Default: detected.")
  var prefix: String?

  @Option(
    help:
      "Recurrent modules that read one another, in their order, with what stands between them: lstm1,lstm2 or lstm1,norm,lstm2."
  )
  var stack: String?

  @Option(help: "How Keras's Bidirectional merges: sum, mul or ave. Default: concat.")
  var merge: HeadMerge?

  @Option(
    name: .customLong("go-backwards"), help: "Keras's layers with go_backwards=True, by name: lstm_1,lstm_2.")
  var goBackwards: String?

  @Option(help: "Prefix of the embedding's names, whose rows token ids are. Default: detected.")
  var embedding: String?

  @Option(help: "Prefix of the readout's names, such as 'fc.'. Default: detected.")
  var readout: String?

  @Option(help: "pytorch or keras. Default: detected from the names.")
  var layout: ModelLayout?

  @Option(help: "Keras's activation of its cells, which files do not have. Only tanh is computed.")
  var activation: String?

  @Option(
    name: .customLong("recurrent-activation"),
    help: "Keras's recurrent_activation. Only sigmoid is computed.")
  var recurrentActivation: String?

  @Option(help: "For a plain RNN: tanh, relu or linear. Default: as the file says, else tanh.")
  var nonlinearity: Activation?

  func validate() throws {
    if batchFirst, timeFirst { throw ValidationError("Give --batch-first or --time-first, not both.") }
    if prefix != nil, stack != nil { throw ValidationError("Give --prefix or --stack, not both.") }
  }

  /// The first option that was given; nil where none was.
  var given: String? {
    let values: [(String, Bool)] = [
      ("--inputs", inputs != nil), ("--lengths", lengths != nil), ("--batch-first", batchFirst),
      ("--time-first", timeFirst), ("--h0", initialHidden != nil), ("--c0", initialCell != nil),
      ("--targets", targets != nil), ("--loss", loss != nil), ("--reads", reads != nil),
      ("--head", head != nil), ("--ignore-index", ignored != nil), ("--class-weights", classWeights != nil),
      ("--upstream", upstream != nil), ("--upstream-hn", upstreamHidden != nil),
      ("--upstream-cn", upstreamCell != nil), ("--prefix", prefix != nil), ("--stack", stack != nil),
      ("--merge", merge != nil), ("--go-backwards", goBackwards != nil), ("--embedding", embedding != nil),
      ("--readout", readout != nil),
      ("--layout", layout != nil), ("--nonlinearity", nonlinearity != nil),
      ("--activation", activation != nil),
      ("--recurrent-activation", recurrentActivation != nil),
    ]
    return values.first { $0.1 }?.0
  }

  func request(model: String) -> ModelFilesRequest {
    func names(_ list: String?) -> [String]? {
      list?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    var request = ModelFilesRequest(model: model, inputs: inputs ?? "")
    request.lengths = lengths
    request.targets = targets
    request.loss = loss
    request.reading = reads
    request.head = names(head)
    if let ignored { request.ignored = ignored }
    request.classWeights = classWeights
    request.upstream = upstream
    request.upstreamHidden = upstreamHidden
    request.upstreamCell = upstreamCell
    request.layoutOfBatch = batchFirst ? .batchFirst : timeFirst ? .timeFirst : nil
    request.initialHidden = initialHidden
    request.initialCell = initialCell
    request.layout = layout
    request.prefix = prefix
    request.stack = names(stack)
    request.merge = merge
    request.backwards = names(goBackwards) ?? []
    request.nonlinearity = nonlinearity
    request.activation = activation
    request.recurrentActivation = recurrentActivation
    request.readout = readout
    request.embedding = embedding
    return request
  }
}
