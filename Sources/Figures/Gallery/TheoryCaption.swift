import Experiments
import GradientFlow
import TextFiles

/// Of the figure theory: every trial is a point, so axes are named with all their values or, of many, the
/// ends.
extension FigureCaption {
  /// - Parameters:
  ///   - trials: those with a plain decay rate.
  ///   - notes: what else is to be known.
  init(theory records: RunRecords, _ trials: [TrialLayer], notes: [String]) {
    let varied = [Axis.sequenceLength, .spectralRadius, .hiddenSize, .inputScale, .initializer].map {
      axis -> String in
      let dimension = Dimension(axis)
      let places = dimension.places(in: trials)
      guard places.count > 6, let first = places.first, let last = places.last else {
        return dimension.symbol + places.map { dimension.value($0, among: trials) }.joined(separator: ", ")
      }
      return dimension.symbol
        + "\(dimension.value(first, among: trials)) to \(dimension.value(last, among: trials))"
    }
    self.init(
      parts: [
        "all \(Brief.grouped(trials.count)) trials with a plain decay rate are compared"
      ] + varied
        + [Markup.plain("task \(records.run.specification.task.kind.name)")] + notes
        + FigureCaption.origin(records),
      warning: FigureCaption.warning(trials))
  }
}
