/// A time limit as Slurm writes it.
public struct SlurmTime: Sendable, Hashable, LosslessStringConvertible {
  public let seconds: Int

  /// Rounded up to whole minutes, at least one: Slurm counts in minutes.
  public init(seconds: Double) {
    self.seconds = 60 * max(1, Int(min((seconds / 60).rounded(.up), 1e7)))
  }

  /// From `minutes`, `minutes:seconds`, `hours:minutes:seconds`, `days-hours`, `days-hours:minutes` or
  /// `days-hours:minutes:seconds` (the forms of sbatch's `--time`). nil for anything else, and for no time at all.
  public init?(_ text: String) {
    let halves = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let fields = halves[halves.count - 1].split(separator: ":", omittingEmptySubsequences: false)
    let numbers = (halves.dropLast() + fields).compactMap { field in
      field.count <= 7 && field.allSatisfy(\.isASCII) && field.allSatisfy(\.isNumber) ? Int(field) : nil
    }
    guard numbers.count == halves.count - 1 + fields.count else { return nil }
    let units = halves.count == 2 ? [86400, 3600, 60, 1] : fields.count == 3 ? [3600, 60, 1] : [60, 1]
    guard numbers.count <= units.count else { return nil }
    seconds = zip(numbers, units).reduce(0) { $0 + $1.0 * $1.1 }
    guard seconds > 0 else { return nil }
  }

  /// `D-HH:MM:SS`, without days where there are none.
  public var description: String {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let days = seconds / 86400
    let clock = "\(two(seconds / 3600 % 24)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
    return days > 0 ? "\(days)-\(clock)" : clock
  }
}
