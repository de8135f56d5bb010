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
  public var loss: any SequenceLoss<Double>
  /// What a loss at the final step reads.
  public var reading = FinalReading.finalStates
  /// How gradients are clipped; a step rule in the recursion of every layer.
  public var clip = GradientClip.none

  public init(
    name: String, network: Network<Double>, data: NetworkInputs<Double>, loss: any SequenceLoss<Double>
  ) {
    self.name = name
    self.network = network
    self.data = data
    self.loss = loss
  }

  /// Recurrent layers on sequences of numbers.
  ///
  /// - Parameters:
  ///   - inputs: x [rows, I].
  ///   - lengths: of the sequences; nil where all have T steps.
  ///   - initialStates: h_0 and c_0 [B, H] by layer, then by direction; zero if nil.
  public init(
    name: String, model: RecurrentModel<Double>, steps: Int, batch: Int, lengths: SequenceLengths? = nil,
    inputs: [Double], initialStates: [[InitialState<Double>]]? = nil, loss: any SequenceLoss<Double>
  ) {
    self.init(
      name: name,
      network: loss.readout.map { Network(recurrent: model, readout: $0) } ?? Network(model),
      data: NetworkInputs(
        shape: BatchShape(steps: steps, batch: batch, lengths: lengths), inputs: .dense(inputs),
        initialState: initialStates.map { NetworkState(layers: $0) }), loss: loss)
  }

  /// Its recurrent layers, without those of an encoder.
  public var model: RecurrentModel<Double> { network.recurrent }
  /// T of the longest sequence.
  public var steps: Int { data.shape.steps }
  /// B.
  public var batch: Int { data.shape.batch }
  /// Of the sequences; nil where all have T steps.
  public var lengths: SequenceLengths? { data.shape.lengths }

  /// Whether the network is one layer, read forward.
  public var isSingle: Bool { network.places.count == 1 }
}
