import Foundation

/// log10 norms as a row of blocks, the highest for the largest, with the values at both ends.
struct NormStrip {
  private static let blocks = Array("▁▂▃▄▅▆▇█")
  /// Decades below the largest that the lowest block represents.
  private static let depth = 12.0
  private let norms: [Double]

  init(_ norms: [Double]) { self.norms = norms }

  /// `10^-6.4 ▁▁▂▃▅▇█ 10^-0.3`; `·` is an exact zero, at most 40 blocks.
  var text: String {
    guard let first = norms.first, let last = norms.last else { return "" }
    let count = min(norms.count, 40)
    let largest = norms.filter(\.isFinite).max() ?? 0
    let strip = (0..<count).map { k -> Character in
      let value = norms[count == 1 ? 0 : k * (norms.count - 1) / (count - 1)]
      guard value.isFinite else { return value == .infinity ? "█" : "·" }
      let height = 1 + (value - largest) / Self.depth
      return Self.blocks[max(0, min(7, Int((height * 8).rounded(.up)) - 1))]
    }
    return "\(Self.power(first)) \(String(strip)) \(Self.power(last))"
  }

  private static func power(_ log10: Double) -> String {
    log10 == -.infinity ? "0" : String(format: "10^%.1f", log10)
  }
}
