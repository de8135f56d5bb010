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
