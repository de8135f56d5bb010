import CNumericKernels

/// Runs `body` with denormal numbers flushed to zero on this thread, and restores the mode after.
///
/// Scaled backpropagation keeps every vector near 1, so a denormal can only be an element that is
/// negligible beside its neighbours; working on it would slow a step several-fold and change nothing.
///
/// Not to be inlined: arithmetic of the caller could be moved across the change of mode.
@inline(never)
public func withDenormalsFlushed<Result, Failure: Error>(
  _ body: () throws(Failure) -> Result
) throws(Failure) -> Result {
  let previous = gf_flush_denormals()
  defer { gf_restore_denormals(previous) }
  return try body()
}
