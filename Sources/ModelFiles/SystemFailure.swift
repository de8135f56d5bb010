import Foundation

/// Why the system refused a call, and what a user can do about it.
public struct SystemFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The error number (`errno`).
  public let code: Int32

  public init(_ code: Int32) { self.code = code }

  /// Of the call that has just failed on this thread.
  public static var last: SystemFailure { SystemFailure(errno) }

  /// Whether the fault lies in the state of the machine, which may be mended, and not in the path or what is at it: the
  /// same command may then succeed.
  public var isOfEnvironment: Bool {
    switch code {
    case ENOSPC, EDQUOT, EFBIG, EIO, EMFILE, ENFILE, ENOMEM, EINTR, EAGAIN, EBUSY, ENOLCK, ENOBUFS, ESTALE,
      ETIMEDOUT, ENXIO, ENODEV:
      return true
    default: return false
    }
  }

  /// The system's own words.
  public var problem: String { String(cString: strerror(code)) }

  /// What to do, and whether the command can then continue.
  public var advice: String {
    switch code {
    case ENOSPC, EDQUOT: return "free some space, then run the same command to continue"
    case EFBIG:
      return "raise the limit on the size of files (ulimit -f), then run the same command to continue"
    case EMFILE: return "raise the limit on open files (ulimit -n), then run the same command to continue"
    case ENFILE: return "close other programs, then run the same command to continue"
    case EAGAIN: return "try again, then run the same command to continue"
    case ENOMEM: return "free some memory, then run the same command to continue"
    default:
      return isOfEnvironment
        ? "check the disk, then run the same command to continue"
        : "check that its directory exists and is writable"
    }
  }

  /// Problem and advice in one line.
  public var description: String { "\(problem); \(advice)" }
}
