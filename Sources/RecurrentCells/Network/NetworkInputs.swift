import LinearAlgebra

/// What a network is run on.
public struct NetworkInputs<Element: Scalar>: Sendable {
  /// T, B and lengths of what it reads; widths follow from the network.
  public var shape: BatchShape
  public var inputs: SequenceInputs<Element>
  /// Of the encoder, if it has one: the same sequences, in the same order.
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
