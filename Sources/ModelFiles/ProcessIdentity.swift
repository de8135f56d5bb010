import Foundation

/// Which process made something: its number, when it was started, and on which machine.
///
/// A number alone is given to another process later; together with the start it is not.
public struct ProcessIdentity: Sendable, Hashable {
  /// A hash of the machine's name.
  public let host: UInt32
  public let number: Int32
  /// Clock ticks from the start of the machine to that of the process; 0 where the system does not say.
  public let start: UInt64

  /// Of this process.
  public static let current = ProcessIdentity(
    host: hostHash, number: getpid(), start: start(of: getpid()) ?? 0)

  /// Whether the process is there; nil where that cannot be known: it ran on another machine, by its
  /// name.
  public var isAlive: Bool? {
    guard host == Self.current.host else { return nil }
    if let now = Self.start(of: number) { return start == 0 || now == start }
    return kill(number, 0) == 0 || errno == EPERM
  }

  /// FNV-1a of the machine's name.
  private static var hostHash: UInt32 {
    var name = [CChar](repeating: 0, count: 256)
    guard gethostname(&name, name.count - 1) == 0 else { return 0 }
    return name.prefix { $0 != 0 }.reduce(2_166_136_261) {
      ($0 ^ UInt32(UInt8(bitPattern: $1))) &* 16_777_619
    }
  }

  /// Field 22 of `/proc/N/stat`; nil where there is no such process or no such file.
  private static func start(of number: Int32) -> UInt64? {
    // The second field, the program's name, may hold anything; it ends with the last parenthesis.
    guard let bytes = try? OpenFile("/proc/\(number)/stat").bytes(1024),
      let end = bytes.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    let fields = bytes[(end + 1)...].split(separator: UInt8(ascii: " "))
    return fields.count > 19 ? UInt64(String(decoding: fields[19], as: UTF8.self)) : nil
  }
}
