/// Truncated backpropagation through time: an update after every k₁ steps, with gradients that go back k₂ steps.
///
/// The loss of an update is that of the newest k₁ steps; the state before the window is carried on and no gradient goes
/// beyond it. The window is run forward again with the newest weights from the state that was carried. After k₁ = k₂ = T
/// it is whole backpropagation through time.
///
/// - Note: Source: Williams & Peng, Neural Computation 2 (1990) 490, BPTT(h; h'), h = k₂, h' = k₁.
public struct Truncation: Sendable, Hashable {
  /// Steps between updates.
  public let k1: Int
  /// Steps that gradients go back, a multiple of k₁.
  public let k2: Int

  /// `25:50`, k₁ and k₂.
  public var label: String { "\(k1):\(k2)" }

  /// nil unless 1 ≤ k₁ ≤ k₂ and k₂ is a multiple of k₁.
  public init?(k1: Int, k2: Int) {
    guard k1 >= 1, k2 >= k1, k2 % k1 == 0 else { return nil }
    self.k1 = k1
    self.k2 = k2
  }
}
