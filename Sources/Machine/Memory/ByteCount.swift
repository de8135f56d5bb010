import TextFiles

/// A number of bytes as people write it: `4GB`, `512 MiB`, `1e9`.
///
/// Foundation's `ByteCountFormatStyle` cannot read them, and writes 999 bytes and 1.5 kB as 1 kB and 2 kB.
public struct ByteCount: Sendable, Hashable, Comparable, CustomStringConvertible {
  public let bytes: Double

  public init(_ bytes: Double) { self.bytes = bytes }

  /// A positive number with a unit: B, kB, MB, GB, TB (powers of 1000), KiB, MiB, GiB, TiB or the single letters
  /// K, M, G, T (powers of 1024, as Slurm and ulimit have them). nil for anything else.
  public init?(text: String) {
    let text = text.filter { $0 != " " }
    let digits = text.prefix { $0.isNumber || ".eE+-".contains($0) }
    // "1e9" is a number; the E of a unit never follows a digit.
    let unit = text.dropFirst(digits.count).lowercased()
    guard let number = Double(digits), let factor = Self.units[unit] else { return nil }
    let whole = (number * factor).rounded()
    // An exabyte is beyond every machine, and within Int.
    guard whole >= 1, whole <= 1e18 else { return nil }
    bytes = whole
  }

  private static let units: [String: Double] = {
    var units: [String: Double] = ["": 1, "b": 1]
    var (decimal, binary) = (1.0, 1.0)
    for letter in ["k", "m", "g", "t"] {
      (decimal, binary) = (decimal * 1000, binary * 1024)
      units[letter + "b"] = decimal
      units[letter] = binary
      units[letter + "ib"] = binary
    }
    return units
  }()

  public static func < (a: ByteCount, b: ByteCount) -> Bool { a.bytes < b.bytes }

  /// `3.2 GB`.
  public var description: String {
    let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
    var value = bytes
    var unit = 0
    while value >= 1000, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    let text = unit == 0 ? "\(Int(value))" : CSVField.number((value * 10).rounded() / 10)
    return "\(text) \(units[unit])"
  }
}
