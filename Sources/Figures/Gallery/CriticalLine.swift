import Experiments
import GradientFlow

/// Where mean-field theory puts the edge between vanishing and exploding gradients of a plain RNN: χ = 1.
///
/// A band, for a W_hh rescaled to the spectral radius ρ has σ_w between ρ/ρ_N and ρ; see `MeanFieldBand`.
struct CriticalLine: Sendable {
  /// By row: ρ at which χ = 1, for σ_w = ρ and for σ_w = ρ/ρ_N.
  private let rows: [(row: Int, radii: [Double])]
  private let radii: [Double]

  /// - Returns: nil where the columns are no radii, where the mean field of a plain RNN does not speak of the trials, and
  ///   where W_hh is not random.
  init?(_ map: PhaseMap, _ facets: Facets, _ columns: Dimension, _ places: [TrialLayer]) {
    guard columns == Dimension(.spectralRadius) else { return nil }
    radii = places.map(\.spectralRadius)
    rows = Dictionary(grouping: map.cells, by: \.row).sorted { $0.key < $1.key }.compactMap { row, cells in
      guard let trial = cells.lazy.compactMap(\.estimate).first?.trial, trial.hasPlainDecay,
        trial.hasOneLayer,
        let activation = trial.meanFieldActivation,
        let scales = trial.initializer.recurrentScales(spectralRadius: 1, hiddenSize: trial.hiddenSize)
      else { return nil }
      let critical = Self.criticalScale(activation, inputScale: trial.inputDeviation)
      return (row, [critical / scales.upperBound, critical / scales.lowerBound].distinct)
    }
    if rows.isEmpty { return nil }
  }

  /// σ_w at which χ = 1.
  private static func criticalScale(_ activation: Activation, inputScale: Double) -> Double {
    switch activation {
    case .tanh: return MeanField.criticalWeight(inputScale: inputScale)
    case .relu: return 2.squareRoot()
    case .linear: return 1
    }
  }

  /// Near the edges of the rows, so that no number is struck through; none beyond the radii.
  var lines: [[(x: Double, y: Double)]] {
    (0..<(rows.map(\.radii.count).max() ?? 0)).flatMap { edge -> [[(x: Double, y: Double)]] in
      let points = rows.compactMap { row -> (x: Double, y: Double)? in
        guard edge < row.radii.count, let x = column(of: row.radii[edge]) else { return nil }
        return (x, Double(row.row))
      }
      return points.indices.flatMap { k -> [[(x: Double, y: Double)]] in
        [-1.0, 1].map { side in
          let next = k + Int(side)
          let isNear = points.indices.contains(next) && (points[next].y - points[k].y).magnitude == 1
          let slope = isNear ? points[next].x - points[k].x : 0
          return [0.28, 0.5].map { (points[k].x + slope * $0, points[k].y + side * $0) }
        }
      }
    }
  }

  /// Columns are at 0, 1, 2…; between them the axis is taken to be linear in ρ.
  private func column(of radius: Double) -> Double? {
    guard let next = radii.firstIndex(where: { $0 >= radius }) else { return nil }
    if radii[next] == radius { return Double(next) }
    guard next > 0 else { return nil }
    return Double(next) - (radii[next] - radius) / (radii[next] - radii[next - 1])
  }
}
