import Foundation
import GradientFlow

/// The map x' = 1 − a x² + y, y' = b x, through the same QR as networks.
struct HenonMap: ExactValueSource {
  package let name = "Hénon map, a = 1.4, b = 0.3"
  package let source =
    "Sprott, Chaos and Time-Series Analysis (2003): 0.4192, −1.6232; their sum is exactly ln b"

  package func rows(_ effort: ExactValues.Effort) -> [ExactValueRow] {
    let steps = effort == .quick ? 30_000 : 300_000
    let blocks = Self.blockMeans(steps: steps, blocks: 30)
    let (first, second) = (Sample(blocks.map(\.0)), Sample(blocks.map(\.1)))
    return [
      .mean("λ_1, \(steps) steps", exact: 0.4192, error: halfUnit(4), of: first),
      .mean("λ_2", exact: -1.6232, error: halfUnit(4), of: second),
      ExactValueRow("λ_1 + λ_2 = ln b", exact: log(0.3), measured: first.mean + second.mean, .within(1e-12)),
    ]
  }

  /// Means of ln R_jj over consecutive blocks.
  private static func blockMeans(steps: Int, blocks: Int) -> [(Double, Double)] {
    var (x, y) = (0.1, 0.1)
    var frame = OrthonormalFrame(axes: 0..<2, dimension: 2)
    func step() {
      for row in [frame.vectors, frame.vectors + 2] {
        let (u, v) = (row[0], row[1])
        (row[0], row[1]) = (-2.8 * x * u + v, 0.3 * u)
      }
      frame.orthonormalise()
      (x, y) = (1 - 1.4 * x * x + y, 0.3 * x)
    }
    for _ in 0..<1000 { step() }
    let length = steps / blocks
    return (0..<blocks).map { _ in
      var sum = (0.0, 0.0)
      for _ in 0..<length {
        step()
        sum.0 += frame.logDiagonal(0)
        sum.1 += frame.logDiagonal(1)
      }
      return (sum.0 / Double(length), sum.1 / Double(length))
    }
  }
}
