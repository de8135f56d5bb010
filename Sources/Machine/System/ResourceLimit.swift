import Foundation

/// A limit that the system sets to this process (`ulimit`).
public enum ResourceLimit {
  /// Bytes a file may have (`-f`), that may be mapped (`-v`), and of the main thread's stack (`-s`).
  case fileSize, addressSpace, stack

  /// Bytes; nil where there is no limit, or the system does not tell.
  public var bytes: UInt64? {
    var limit = rlimit()
    let resource =
      switch self {
      case .fileSize: RLIMIT_FSIZE
      case .addressSpace: RLIMIT_AS
      case .stack: RLIMIT_STACK
      }
    #if os(Linux)
      let failed = getrlimit(__rlimit_resource_t(resource.rawValue), &limit) != 0
    #else
      let failed = getrlimit(resource, &limit) != 0
    #endif
    guard !failed, limit.rlim_cur < UInt64(Int64.max) else { return nil }
    return UInt64(limit.rlim_cur)
  }
}
