import Foundation

/// log10 norms as a row of blocks, the highest for the largest, with the values at both ends.
struct NormStrip {
  private static let blocks = Array("▁▂▃▄▅▆▇█")
  /// Decades below the largest that the lowest block represents.
  private static let depth = 12.0
  private static let longest = 40
  private let norms: [Double]

  init(_ norms: [Double]) { self.norms = norms }

  /// `10^-6.4 ▁▁▂▃▅▇█ 10^-0.3`; `·` is an exact zero.
  ///
  /// - Parameter width: of all of it at most, but for 4 blocks; nil: 40 blocks.
  func text(width: Int? = nil) -> String {
    guard let first = norms.first.map({ Self.power($0) }), let last = norms.last.map({ Self.power($0) })
    else {
      return ""
    }
    let room = width.map { max(4, $0 - first.count - last.count - 2) } ?? Self.longest
    let count = min(norms.count, Self.longest, room)
    let largest = norms.filter(\.isFinite).max() ?? 0
    let strip = (0..<count).map { k -> Character in
      let value = norms[count == 1 ? 0 : k * (norms.count - 1) / (count - 1)]
      guard value.isFinite else { return value == .infinity ? "█" : "·" }
      let height = 1 + (value - largest) / Self.depth
      return Self.blocks[max(0, min(7, Int((height * 8).rounded(.up)) - 1))]
    }
    return "\(first) \(String(strip)) \(last)"
  }

  static func power(_ log10: Double, digits: Int = 1) -> String {
    log10 == -.infinity ? "0" : String(format: "10^%.\(digits)f", log10)
  }
}
