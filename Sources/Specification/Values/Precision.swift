/// The floating-point format a trial is computed in.
public enum Precision: String, Sendable, Hashable, CaseIterable {
  /// IEEE 754 binary32, about 7 decimal digits.
  case float32
  /// IEEE 754 binary64, about 16 decimal digits.
  case float64
}
