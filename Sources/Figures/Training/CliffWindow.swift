import Experiments
import Foundation
import GradientFlow

/// The part of the plane that is drawn: all walks, but for where a step threw one very far away.
struct CliffWindow: Sendable {
  let w, b: ClosedRange<Double>

  init(_ walks: [CliffWalk]) {
    let near = walks.flatMap { $0.points.filter { [largest = $0.largestAt] in $0.update < largest } }
    func box(_ points: [CliffWalk.Point]) -> (w: ClosedRange<Double>, b: ClosedRange<Double>)? {
      guard let w0 = points.map(\.w).min(), let w1 = points.map(\.w).max(), let b0 = points.map(\.b).min(),
        let b1 = points.map(\.b).max()
      else { return nil }
      return (w0...w1, b0...b1)
    }
    let all = box(walks.flatMap(\.points)) ?? (4...6, -3...(-1))
    let core = box(near) ?? all
    func size(_ box: (w: ClosedRange<Double>, b: ClosedRange<Double>)) -> Double {
      hypot(box.w.upperBound - box.w.lowerBound, box.b.upperBound - box.b.lowerBound)
    }
    let chosen = size(all) > 8 * max(0.5, size(core)) ? core : all
    func widened(_ range: ClosedRange<Double>, least: Double) -> ClosedRange<Double> {
      let width = range.upperBound - range.lowerBound
      let margin = max(0.15 * width, (least - width) / 2)
      let wide = AxisRange(range.lowerBound - margin, range.upperBound + margin, share: 0.02)
      return wide.low...wide.high
    }
    w = widened(chosen.w, least: 2)
    b = widened(chosen.b, least: 1.5)
  }

  /// The middle of a cell of the grid.
  func cell(_ j: Int, _ i: Int, _ grid: (across: Int, up: Int)) -> (w: Double, b: Double) {
    func place(_ range: ClosedRange<Double>, _ k: Int, _ count: Int) -> Double {
      range.lowerBound + (range.upperBound - range.lowerBound) * (Double(k) + 0.5) / Double(count)
    }
    return (place(w, j, grid.across), place(b, i, grid.up))
  }

  var commands: [String] {
    func axis(_ name: String, _ range: ClosedRange<Double>) -> [String] {
      let step = DecadeAxis.niceStep((range.upperBound - range.lowerBound) / 6)
      return [
        "set \(name)range [\(fixed(range.lowerBound)):\(fixed(range.upperBound))]",
        "set \(name)tics \(CSVField.number(step)); set format \(name) '%g'",
      ]
    }
    return axis("x", w) + axis("y", b)
  }

  func contains(_ point: CliffWalk.Point) -> Bool { w.contains(point.w) && b.contains(point.b) }

  /// Where a walk ends, and where it went that left the window.
  func labels(_ walk: CliffWalk, color: String) -> [String] {
    guard let last = walk.points.last else { return [] }
    var at = last
    var text = "E = \(Brief.number(last.error))"
    if !contains(last) {
      at = walk.points.last(where: contains) ?? last
      text =
        "leaves for w = \(Brief.number(last.w)), b = \(Brief.number(last.b)), E = \(Brief.number(last.error))"
    }
    guard contains(at) else { return [] }
    var commands = [
      "if (!paged) { set style textbox opaque margins 0.4, 0.6 fillcolor rgb '#ffffff' noborder }"
    ]
    func add(_ text: String, _ x: Double, _ y: Double, _ place: String) {
      commands.append(
        "if (!paged) { set label \(GnuplotText.quoted(text)) at first \(fixed(x)), first \(fixed(y)) \(place) front "
          + "noenhanced boxed font sized(0.85) textcolor rgb '\(color)' }")
    }
    if let (from, to) = walk.leap, contains(from), contains(to),
      hypot(to.w - from.w, to.b - from.b) > 0.3 * (w.upperBound - w.lowerBound)
    {
      add(
        "step \(Brief.number(walk.largestStep)) at update \(to.update)", (from.w + to.w) / 2,
        (from.b + to.b) / 2, "center")
    }
    // Beside the point, on the side the walk was going to, where there is room.
    let span = w.upperBound - w.lowerBound
    let place = (at.w - w.lowerBound) / span
    let before = walk.points.suffix(10).first(where: contains)?.w ?? at.w
    let isLeft = place > 0.7 ? true : place < 0.3 ? false : at.w < before
    add(text, at.w, at.b, "\(isLeft ? "right offset -1.5" : "left offset 1.5"), 0.9")
    return commands
  }
}
