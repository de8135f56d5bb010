import GradientFlow

/// How many directions of the state still carry gradient, by lag: a curve for each block of the state.
enum EffectiveRanks {
  /// Of the curves, in the order of the blocks.
  static let styles = [CurveStyle(.green, [], 7), CurveStyle(.purple, [10, 4, 3, 4], 5)]

  /// From 0 to the number of directions, logarithmic where they are many.
  static func axis(_ most: Int) -> PanelAxis {
    most > 64
      ? .logarithmic("effective rank", from: 0.9, to: 1.12 * Double(most))
      : .numbers("effective rank", from: 0, to: 1.06 * Double(most), tics: 5)
  }

  static func draw(_ place: LayerPanels.Place, _ panel: inout Panel, _ plot: inout Plot) {
    for (jacobian, style) in zip(place.layer.jacobians, styles) {
      let ranks = jacobian.singularValues.map { SingularSpectrum($0).effectiveRank }
      guard ranks.contains(where: { $0 > 0 }) else { continue }
      let rows = Array(jacobian.lags.indices).spread(400)
      let block = plot.block(
        place.fields + [Field(jacobian.block.rawValue), "rank"], rows.map { jacobian.lags[$0] },
        [[], rows.map { ranks[$0] > 0 ? ranks[$0] : .nan }])
      panel.line(block, y: "effective_rank", style)
    }
  }
}
