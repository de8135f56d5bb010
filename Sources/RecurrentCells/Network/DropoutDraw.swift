/// Which dropout masks a pass draws: those of an update, the same whenever it is made again.
///
/// What layer l gives, but for the last one, is multiplied by a mask of 0 and 1/(1 − p) before layer l + 1 reads it,
/// as in torch.nn.RNN: each number apart, at every step anew.
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
