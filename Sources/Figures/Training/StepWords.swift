import Experiments
import GradientFlow

/// What tests by step say: how wrong trained networks are at the first step, at the last one, and where most.
struct StepWords {
  private let curves: [StepCurves]
  private let quantity: StepCurves.Quantity
  /// Where several lengths are drawn, the one spoken of.
  private let place: String

  /// - Parameter all: of which those of the longest sequences are spoken of.
  init(_ all: [StepCurves]) {
    let length = all.map(\.seeds.length).max()
    curves = all.filter { $0.seeds.length == length }
    place =
      all.contains { $0.seeds.length != length } ? length.map { "At T = \(Brief.grouped($0)), " } ?? "" : ""
    // What a network says alone, if it does; shares of wrong outputs before losses.
    quantity =
      [.ownWrong, .wrong, .ownLoss].first { quantity in all.contains { !$0.points(quantity).isEmpty } }
      ?? .loss
  }

  var statement: String {
    let head =
      place
      + (quantity == .ownWrong
        ? "wrong outputs of own predictions" : quantity.isComplement ? "wrong outputs" : "test loss")
    let told = curves.count > 5 ? Array(curves.prefix(4)) : curves
    return head.prefix(1).uppercased() + head.dropFirst() + ": " + told.map(say).joined(separator: "; ")
      + (told.count < curves.count ? " (and \(curves.count - told.count) others)" : "")
  }

  /// `RNN – 3 % at t = 1, 48 % at t = 40`, and where most if that is neither.
  private func say(_ curve: StepCurves) -> String {
    let points = curve.points(quantity)
    guard let first = points.first, let last = points.last,
      let worst = points.max(by: { $0.summary.median < $1.summary.median })
    else { return "\(curve.seeds.label) – no test" }
    func value(_ point: StepCurves.Point) -> String {
      quantity.isComplement ? Brief.percent(point.summary.median) : Brief.number(point.summary.median)
    }
    func told(_ point: StepCurves.Point) -> String {
      "\(value(point)) at t = \(Brief.grouped(Int(point.step)))"
    }
    let isBetween = value(worst) != value(first) && value(worst) != value(last)
    return "\(curve.seeds.label) – \(told(first)), \(told(last))"
      + (isBetween ? ", most at t = \(Brief.grouped(Int(worst.step))) (\(value(worst)))" : "")
  }
}
