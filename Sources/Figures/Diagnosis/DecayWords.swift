import GradientFlow
import TextFiles

/// What the norms of gradients on their way back say: how much of them is left, and since when.
enum DecayWords {
  /// What becomes of the gradient, and of the loss of one step where several are read.
  static func statement(_ diagnosis: ModelDiagnosis, _ panels: LayerPanels) -> String {
    let last = diagnosis.problem.steps - 1
    let single = panels.places.first.flatMap { place in
      diagnosis.twoTime?.decayRate(layer: place.index, direction: place.layer.direction)
    }
    return "‖∂L/∂h_t‖ over \(Brief.grouped(last)) step\(last == 1 ? "" : "s") back: "
      + panels.sentence { layer in
        let byLag = Array(layer.steps.linkedHiddenMean.dropFirst().reversed())
        if byLag.allSatisfy({ $0 == -.infinity }) { return "0 throughout" }
        guard byLag[0].isFinite else { return "0 at lag 0, but not at every later lag" }
        if byLag[last] == -.infinity {
          // A loss at several steps may bring back what was 0 before.
          let zero = (byLag.lastIndex { $0 > -.infinity } ?? -1) + 1
          let isWhole = layer.steps.hidden[1] == -.infinity
          return "exactly 0 \(isWhole ? "" : "in some sequence ")from lag \(zero) on"
        }
        let horizon = layer.horizon
        let half =
          horizon?.half.map {
            ", halved after \($0) step\($0 == 1 ? "" : "s")"
              + (horizon?.staysBelowHalf == true ? "" : ", larger again later")
          } ?? ""
        return "× \(Brief.factor(byLag[last] - byLag[0]))\(layer.hasPlainDecay ? half : "")"
      }
      + (panels.isSingle
        ? single.map { "; the loss of a single step: \(Brief.signed($0)) decades per step (figure two-time)" }
          ?? ""
        : "")
  }
}
