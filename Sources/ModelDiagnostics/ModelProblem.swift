import GradientDiagnostics
import LinearAlgebra
import RecurrentCells

/// A network with its data and loss, in double precision: what `diagnose` looks into.
public struct ModelProblem: Sendable {
  /// What it is called in files and figures.
  public var name: String
  /// Its weights.
  public var network: Network<Double>
  /// What it reads, from which states.
  public var data: NetworkInputs<Double>
  /// L, of what the last layer gives, D·H wide.
  public var loss: ModelLoss
  /// How gradients are clipped; a step rule in the recursion of every layer.
  public var clip = GradientClip.none
  /// By place in the batch, the number of each sequence for the caller; nil where they are the same. Batches of sequences
  /// of different lengths come longest first.
  public var sequences: [Int]?
  /// What was found out, assumed or left out where the model was read; kept with what is found.
  public var notes: [String] = []
  /// Of inputs that are rows of an embedding, the tokens whose rows they are [rows]; nil where that is not known.
  public var tokens: [Int]?
  /// Parameters that the model does not have, by the names of their gradients: biases that are zero in its equation, a
  /// readout that hands outputs through. They are in no gradient, no norm and no clip.
  public var absent: Set<String> = []

  public init(name: String, network: Network<Double>, data: NetworkInputs<Double>, loss: ModelLoss) {
    self.name = name
    self.network = network
    self.data = data
    self.loss = loss
    if case .tokens(let ids, _) = data.inputs, network.embedding != nil { tokens = ids }
  }

  /// - Parameter reading: what a loss at the final step reads of a last layer with two directions.
  public init(
    name: String, network: Network<Double>, data: NetworkInputs<Double>, loss: any SequenceLoss<Double>,
    reading: FinalReading = .finalStates
  ) {
    self.init(name: name, network: network, data: data, loss: .sequence(loss, reading: reading))
  }

  /// Recurrent layers on sequences of numbers, with a loss step by step.
  ///
  /// - Parameters:
  ///   - inputs: x [rows, I].
  ///   - lengths: of the sequences; nil where all have T steps.
  ///   - initialStates: h_0 and c_0 [B, H] by layer, then by direction; zero if nil.
  public init(
    name: String, model: RecurrentModel<Double>, steps: Int, batch: Int, lengths: SequenceLengths? = nil,
    inputs: [Double], initialStates: [[InitialState<Double>]]? = nil, loss: any SequenceLoss<Double>,
    reading: FinalReading = .finalStates
  ) {
    self.init(
      name: name,
      network: loss.readout.map { Network(recurrent: model, readout: $0) } ?? Network(model),
      data: NetworkInputs(
        shape: BatchShape(steps: steps, batch: batch, lengths: lengths), inputs: .dense(inputs),
        initialState: initialStates.map { NetworkState(layers: $0) }), loss: loss, reading: reading)
  }

  /// Its recurrent layers, without those of an encoder.
  public var model: RecurrentModel<Double> { network.recurrent }
  /// T of the longest sequence.
  public var steps: Int { data.shape.steps }
  /// B.
  public var batch: Int { data.shape.batch }
  /// Of the sequences; nil where all have T steps.
  public var lengths: SequenceLengths? { data.shape.lengths }

  /// The caller's number of a sequence of the batch.
  public func number(of place: Int) -> Int { sequences?[place] ?? place }

  /// The steps that the loss reads.
  public var placement: LossPlacement { loss.placement(of: data.shape) }
  /// How many steps it reads.
  public var readSteps: Int { placement.count(of: steps) }

  /// Whether the network is one layer, read forward.
  public var isSingle: Bool { network.places.count == 1 }
}
