import Foundation

/// The name of a file or folder that a process makes for its own use, which says whose it is.
///
/// `HOST-PROCESS-START-RANDOM`, in hexadecimal but for the process. Whoever finds it later can tell whether its maker
/// is gone (``ProcessIdentity/isAlive``), and no file of anyone else has such a name by chance.
public struct TemporaryName: Sendable, Hashable, CustomStringConvertible {
  public let maker: ProcessIdentity
  private let random: UInt64

  /// A new one, of this process.
  public init() {
    maker = .current
    random = .random(in: 0 ... .max)
  }

  /// From a name; nil unless it is one, digit for digit.
  public init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 4, let host = UInt32(parts[0], radix: 16), let number = Int32(parts[1]), number > 0,
      let start = UInt64(parts[2], radix: 16), let random = UInt64(parts[3], radix: 16)
    else { return nil }
    maker = ProcessIdentity(host: host, number: number, start: start)
    self.random = random
    guard description == text else { return nil }
  }

  public var description: String {
    String(format: "%08x-%d-%llx-%016llx", maker.host, maker.number, maker.start, random)
  }

  // MARK: - Files

  private static let prefix = ".gradflow-", suffix = ".tmp"

  /// The name of a file that is being written.
  var file: String { Self.prefix + description + Self.suffix }

  /// From the name of such a file.
  init?(file: String) {
    guard file.hasPrefix(Self.prefix), file.hasSuffix(Self.suffix) else { return nil }
    self.init(file.dropFirst(Self.prefix.count).dropLast(Self.suffix.count))
  }
}
