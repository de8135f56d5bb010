import Foundation
import GradientFlow

/// What becomes of ∂L/∂h_t in each sequence of a batch, from its end to its beginning.
struct SequenceSpread {
  /// Sequences whose norm changes by less than a factor of two, falls by more, or grows by more.
  var (keeping, losing, growing) = (0, 0, 0)

  init(_ layer: LayerDiagnosis) {
    for change in layer.changesBySequence {
      if change.magnitude < Foundation.log10(2) {
        keeping += 1
      } else if change < 0 {
        losing += 1
      } else {
        growing += 1
      }
    }
  }

  var isMixed: Bool { [keeping, losing, growing].count { $0 > 0 } > 1 }

  /// `1 of 2 keeps it, 1 loses it`.
  var words: String {
    var parts: [String] = []
    for (count, one, many) in [
      (keeping, "keeps it", "keep it"), (losing, "loses it", "lose it"),
      (growing, "lets it grow", "let it grow"),
    ] where count > 0 {
      parts.append(
        "\(count)\(parts.isEmpty ? " of \(keeping + losing + growing)" : "") \(count == 1 ? one : many)")
    }
    return parts.joined(separator: ", ")
  }
}

extension LayerDiagnosis {
  /// For each sequence, log10 of ‖∂L/∂h_t‖ at its first step over that at t = T; those without a gradient left out.
  var changesBySequence: [Double] {
    (0..<shape.batch).compactMap { place in
      let norms = norms(ofSequence: place)
      let change = norms[0] - norms[norms.count - 1]
      return change.isNaN ? nil : change
    }
  }

  /// log10 ‖∂L/∂h_t‖ of a sequence at its own steps, the first one first.
  func norms(ofSequence place: Int) -> [Double] {
    (shape.start(of: place) + 1...shape.steps).map { steps.hiddenByExample[$0 * shape.batch + place] }
  }
}
