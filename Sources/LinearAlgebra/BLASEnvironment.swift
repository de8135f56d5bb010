import CNumericKernels

/// The linear-algebra library this process runs on.
public enum BLASEnvironment {
  /// One thread inside BLAS: trials run in parallel instead, which small matrices need.
  public static func useOneThread() { gf_use_one_blas_thread() }
  /// Version and build options.
  public static var configuration: String { String(cString: gf_blas_configuration()) }
  /// The processor core whose kernels were chosen.
  public static var core: String { String(cString: gf_blas_core()) }
}
