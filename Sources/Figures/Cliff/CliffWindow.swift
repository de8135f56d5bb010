import Experiments
import Foundation
import GradientFlow
import TextFiles

/// The part of the plane that is drawn: all walks, but for where a step threw one very far away.
struct CliffWindow: Sendable {
  let w, b: ClosedRange<Double>
}

extension CliffWindow {
  init(_ walks: [CliffWalk]) {
    func range(_ values: [Double]) -> ClosedRange<Double> {
      let finite = values.filter(\.isFinite)
      return (finite.min() ?? 0)...(finite.max() ?? 0)
    }
    func box(_ points: [CliffWalk.Point]) -> CliffWindow {
      CliffWindow(w: range(points.map(\.w)), b: range(points.map(\.b)))
    }
    let all = box(walks.flatMap(\.points))
    let core = box(walks.flatMap { $0.points.prefix($0.longest?.update ?? 1) })
    func size(_ box: CliffWindow) -> Double {
      hypot(box.w.upperBound - box.w.lowerBound, box.b.upperBound - box.b.lowerBound)
    }
    let chosen = size(all) > 8 * max(0.5, size(core)) ? core : all
    func widened(_ range: ClosedRange<Double>, least: Double) -> ClosedRange<Double> {
      let width = range.upperBound - range.lowerBound
      let margin = max(0.15 * width, (least - width) / 2)
      let wide = AxisRange(range.lowerBound - margin, range.upperBound + margin, share: 0.02)
      return wide.low...wide.high
    }
    self.init(w: widened(chosen.w, least: 2), b: widened(chosen.b, least: 1.5))
  }

  /// The middle of a cell of so many either way.
  func cell(_ j: Int, _ i: Int, of count: Int) -> (w: Double, b: Double) {
    func place(_ range: ClosedRange<Double>, _ k: Int) -> Double {
      range.lowerBound + (range.upperBound - range.lowerBound) * (Double(k) + 0.5) / Double(count)
    }
    return (place(w, j), place(b, i))
  }

  func contains(_ point: CliffWalk.Point) -> Bool { w.contains(point.w) && b.contains(point.b) }

  /// Where a walk ends, and where it went that left the window.
  func texts(_ walk: CliffWalk, color: PlotColor) -> [PlacedText] {
    let last = walk.end
    var at = last
    var text = Markup.numbers("E = \(Brief.number(last.error))")
    if !contains(last) {
      at = walk.points.last(where: contains) ?? last
      text = Markup.numbers(
        "leaves for w = \(Brief.number(last.w)), b = \(Brief.number(last.b)), E = \(Brief.number(last.error))"
      )
    }
    guard contains(at) else { return [] }
    var texts: [PlacedText] = []
    let span = w.upperBound - w.lowerBound
    if let step = walk.longest, step.length > 0.3 * span, contains(step.end) {
      let from = walk.points[step.update - 1]
      if contains(from) {
        texts.append(
          PlacedText(
            "step \(Brief.number(step.length)) at update \(step.update)", x: (from.w + step.end.w) / 2,
            y: (from.b + step.end.b) / 2, .over, color))
      }
    }
    // Beside the point, towards the nearer edge, on the side the walk was going to where there is room.
    let place = (at.w - w.lowerBound) / span
    let before = walk.points.suffix(10).first(where: contains)?.w ?? at.w
    let isLeft = place > 0.7 ? true : place < 0.3 ? false : at.w < before
    let isUp = 2 * at.b > b.lowerBound + b.upperBound
    texts.append(PlacedText(text, x: at.w, y: at.b, .beside(isLeft: isLeft, isUp: isUp), color))
    return texts
  }
}
