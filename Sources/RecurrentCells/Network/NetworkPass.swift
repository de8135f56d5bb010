import LinearAlgebra

/// The states of every layer and direction of a network before a step, or after one.
public struct NetworkState<Element: Scalar>: Sendable, Equatable {
  /// By layer, then by direction.
  public var layers: [[InitialState<Element>]]

  public init(layers: [[InitialState<Element>]]) { self.layers = layers }

  /// Of one layer, read forward.
  public init(_ state: InitialState<Element>) { self.init(layers: [[state]]) }
}

/// What a network is run on.
public struct NetworkInputs<Element: Scalar>: Sendable {
  /// T, B and lengths of what it reads; widths follow from the network.
  public var shape: BatchShape
  public var inputs: SequenceInputs<Element>
  /// Of the encoder, if it has one.
  public var source: (shape: BatchShape, inputs: SequenceInputs<Element>)?
  /// nil: zero. Not for a network with an encoder, whose final states they are.
  public var initialState: NetworkState<Element>?

  public init(
    shape: BatchShape, inputs: SequenceInputs<Element>,
    source: (shape: BatchShape, inputs: SequenceInputs<Element>)? = nil,
    initialState: NetworkState<Element>? = nil
  ) {
    self.shape = shape
    self.inputs = inputs
    self.source = source
    self.initialState = initialState
  }
}

/// Steps and sequences, whatever a step holds.
public struct BatchShape: Sendable, Hashable {
  /// T of the longest, and B.
  public let steps: Int, batch: Int
  /// nil where all have T steps.
  public let lengths: SequenceLengths?

  public init(steps: Int, batch: Int, lengths: SequenceLengths? = nil) {
    self.steps = steps
    self.batch = batch
    self.lengths = lengths?.areEqual ?? true ? nil : lengths
  }

  /// Σ_b T_b.
  public var rowCount: Int { lengths?.rowCount ?? steps * batch }

  /// With widths.
  public func with(inputSize: Int, hiddenSize: Int) -> SequenceShape {
    SequenceShape(
      steps: steps, batch: batch, inputSize: inputSize, hiddenSize: hiddenSize, lengths: lengths)
  }
}

/// Which dropout masks a pass draws: those of an update, the same whenever it is made again.
///
/// What layer l gives, but for the last one, is multiplied by a mask of 0 and 1/(1 − p) before layer l + 1 reads it, as in
/// torch.nn.RNN: each number apart, at every step anew.
public struct DropoutDraw: Sendable, Hashable {
  /// p, 0…1, exclusive of 1.
  public let rate: Double
  public let rootSeed, seed: UInt64
  /// The number of the update.
  public let iteration: Int

  public init(rate: Double, rootSeed: UInt64, seed: UInt64, iteration: Int) {
    self.rate = rate
    self.rootSeed = rootSeed
    self.seed = seed
    self.iteration = iteration
  }
}

/// Where the forward pass of a network left the range of its precision: the first state that is not finite.
public struct NetworkDivergence: Sendable, Equatable {
  public let place: LayerPlace
  /// In the layer's own time, 1…T.
  public let step: Int

  public init(place: LayerPlace, step: Int) {
    self.place = place
    self.step = step
  }
}

/// What the way back through a network returns beside what probes recorded.
public struct NetworkBackwardResult<Element: Scalar>: Sendable {
  /// L.
  public let loss: Double
  /// ∂L/∂parameters; with a step clip, what the clipped recursions give.
  public let gradients: NetworkGradients<Element>
  /// Of the norms that a step clip looked at in all layers, the share that exceeded its threshold.
  public let clippedFraction: Double

  public init(loss: Double, gradients: NetworkGradients<Element>, clippedFraction: Double) {
    self.loss = loss
    self.gradients = gradients
    self.clippedFraction = clippedFraction
  }
}

/// A network on a batch of sequences: its forward pass, and ways back through it. The memory is kept for the next run.
///
/// Layers are passed one after the other; what layer l gives is what layer l + 1 reads. With an encoder, its layers are
/// passed first, and each layer of the decoder starts from its final state.
public final class NetworkPass<Cell: RecurrentCell> {
  public typealias Element = Cell.Element

  /// By layer, then by direction; those of the encoder.
  public private(set) var layers: [[LayerPass<Cell>]] = []
  public private(set) var encoderLayers: [[LayerPass<Cell>]] = []
  /// Where the last forward pass left the range of `Element`; nil if it did not.
  public private(set) var divergence: NetworkDivergence?

  /// - Parameter tapeBudget: bytes that the tape of a layer may take before checkpoints are used.
  public init(tapeBudget: Int = SequencePass<Cell>.defaultTapeBudget) {}

  /// Runs the forward pass.
  ///
  /// - Precondition: sizes agree; the network's cell is `Cell`.
  public func run(_ network: Network<Element>, on inputs: NetworkInputs<Element>, dropout: DropoutDraw? = nil) {
    preconditionFailure("to be built")
  }

  /// What the last layer gives, [rows, D·H], in the order of the sequence.
  public var outputs: [Element] { preconditionFailure("to be built") }
  /// The states after each sequence's last step.
  public var finalState: NetworkState<Element> { preconditionFailure("to be built") }
  /// The states after step t of a pass of forward layers without checkpoints, for sequences of one length.
  public func state(_ t: Int) -> NetworkState<Element>? { preconditionFailure("to be built") }

  /// Walks the layers from the last to the first, the decoder's before the encoder's. `visit` makes the way back through
  /// one of them with whatever probes it likes.
  public func backward(
    loss: any SequenceLoss<Element>, reading: FinalReading = .finalStates,
    _ visit: (LayerWalk<Cell>) throws -> BackwardResult<Element>
  ) rethrows -> NetworkBackwardResult<Element> {
    preconditionFailure("to be built")
  }

  /// The same without probes.
  public func backward(
    loss: any SequenceLoss<Element>, clip: StepClip = .none
  ) -> NetworkBackwardResult<Element> {
    backward(loss: loss) { $0.backward(clip: clip) }
  }
}

/// The way back through one layer of a network, ready to be made: what comes from above it, and what it leaves for the
/// layer below.
public struct LayerWalk<Cell: RecurrentCell> {
  public typealias Element = Cell.Element

  public let layer: LayerPass<Cell>
  /// Of the last layer, read forward, the network's loss; of others, what comes from above.
  public let loss: any SequenceLoss<Element>

  public var place: LayerPlace { layer.place }

  /// Without a probe.
  public func backward(clip: StepClip = .none) -> BackwardResult<Element> { preconditionFailure("to be built") }

  /// With a probe, by calls.
  public func backward<Probe: BackwardProbe & ~Copyable>(
    clip: StepClip = .none, calling probe: inout Probe
  ) -> BackwardResult<Element> where Probe.Element == Element { preconditionFailure("to be built") }
}
