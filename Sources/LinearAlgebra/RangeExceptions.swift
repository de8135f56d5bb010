import CNumericKernels

/// Whether arithmetic of this thread has left the range of floating-point numbers, from the sticky bits that the
/// processor keeps anyway.
///
/// Where denormal numbers are flushed (``withDenormalsFlushed(_:)``), a result that should not be 0 but became 0 sets
/// one of them, and so does one that became infinite. Every single operation is seen, also those of generated and
/// vectorised code, and nothing is paid for it but the look.
public enum RangeExceptions {
  /// From here on. A few nanoseconds.
  @inlinable @inline(__always)
  public static func forget() { gf_forget_range_exceptions() }

  /// Whether a result has left the range since ``forget()``.
  @inlinable @inline(__always)
  public static var happened: Bool { gf_left_the_range() }
}
