/// Clipping inside the backward recursion: at every t = T…1 the total ∂L/∂h_t is scaled to norm `threshold` if
/// its norm exceeds it, and the recursion continues with the scaled gradient. ∂L/∂c_t and the initial state are not
/// clipped.
///
///     δ_t ← δ_t · min(1, θ / ‖δ_t‖)
///
/// It bounds the recursion, but the sum over steps is then no longer a multiple of the true gradient.
public enum StepClip: Sendable, Equatable {
  /// Not at all.
  case none
  /// One norm over the whole batch.
  case batch(threshold: Double)
  /// A norm for each batch element.
  case example(threshold: Double)
}
