import Foundation

extension Duration {
  /// `42 s`, `3 min 05 s`, `7.5 h`, `2.1 days`.
  static func text(seconds: Double) -> String {
    if seconds < 59.5 { return String(format: "%.0f s", seconds) }
    if seconds < 3600 {
      let whole = Int(seconds.rounded())
      return String(format: "%d min %02d s", whole / 60, whole % 60)
    }
    if seconds < 48 * 3600 { return String(format: "%.1f h", seconds / 3600) }
    return String(format: "%.1f days", seconds / 86400)
  }
}
