import Foundation

/// What `ulimit -v` leaves to this process.
public enum AddressSpace {
  /// Bytes that may still be mapped: libraries and the stacks of threads have their part already. nil without a limit.
  public static var left: Double? {
    guard let limit = ResourceLimit.addressSpace.bytes else { return nil }
    // Without /proc the usual part of the libraries is assumed.
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))
      .flatMap { Double($0.split(separator: " ").first ?? "") }
    return max(0, Double(limit) - (pages.map { $0 * Double(getpagesize()) } ?? 3e8))
  }
}
