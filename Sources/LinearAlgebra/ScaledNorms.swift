import CNumericKernels

// Many norms with exponents of their own at once; see ``ScaledNumber`` for one.

/// out[k] = log10 (norms[k] · 2^exponents[k]), −∞ for an exact zero; `out` may be `norms`. Within 2 ulp.
public func log10Scaled(
  _ count: Int, _ norms: UnsafePointer<Double>, exponents: UnsafePointer<Int>,
  into out: UnsafeMutablePointer<Double>
) {
  gf_log10_scaled(Int64(count), norms, exponents, out)
}

/// log10 of √(Σ_b (norms[b] · 2^exponents[b])²) of each row of [rows, count].
public func log10CombinedNorms(
  rows: Int, count: Int, _ norms: UnsafePointer<Double>, exponents: UnsafePointer<Int>,
  into out: UnsafeMutablePointer<Double>
) {
  gf_log10_combined_norms(Int64(rows), Int32(count), norms, exponents, out)
}
