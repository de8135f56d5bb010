import Experiments
import Foundation
import GradientFlow

/// The axes of loss by panel: one for all or, where it would flatten the curves of some, one for each.
struct LossAxes {
  let panels: [PanelAxis]
  private let hasPerplexity: Bool

  /// - Parameters:
  ///   - values: all that is drawn, by panel.
  ///   - hasPerplexity: whether e to the loss is of interest.
  init(values: [[Double]], _ task: TaskIdentity?, hasPerplexity: Bool) {
    let label =
      switch task?.objective {
      case .regression: "loss (mean squared error)"
      case .classification, nil:
        "loss (\(task?.tokenLevel.map { "nats per \($0.noun)" } ?? "cross entropy, nats"))"
      }
    self.hasPerplexity = hasPerplexity
    panels = PanelAxis.alike(values) { .positive(label, $0, logarithmicFrom: 50) }
  }

  /// - Parameters:
  ///   - curves: by panel.
  ///   - levels: that all panels also show.
  init(_ curves: [[LossCurves]], _ task: TaskIdentity?, besides levels: [Double] = []) {
    self.init(
      values: curves.map {
        $0.flatMap(\.values) + (levels.isEmpty ? $0.compactMap(\.seeds.chance) : levels)
      }, task,
      hasPerplexity: task?.isOfText ?? false)
  }

  var areAlike: Bool { panels.allSatisfy { $0 == panels[0] } }

  /// Panels show it at the right end of a row, for all of it: nil where they differ.
  var perplexity: PanelAxis? { hasPerplexity && areAlike ? panels.first?.perplexity : nil }
}

extension PanelAxis {
  /// The same axis of a cross entropy in nats as e to its power.
  fileprivate var perplexity: PanelAxis {
    var axis = self
    axis.label = "perplexity"
    axis.tics = [1.5, 2, 3, 5, 10, 20, 50, 100, 1000, 1e6, 1e9, 1e15, 1e20].compactMap { value in
      let place = place(log(value))
      return place > bottom && place < top
        ? Tic(place: place, name: value < 1e4 ? Brief.tic(value, step: 0.5) : Brief.power(log10(value))) : nil
    }
    return axis
  }
}
