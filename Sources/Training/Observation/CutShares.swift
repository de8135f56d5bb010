import Foundation
import GradientDiagnostics
import LinearAlgebra
import RecurrentCells

/// Which steps pay for what clipping cuts from ∂L/∂W_hh of each layer and direction.
///
/// With G = Σ_t G_t before clipping, R is what was cut of it. Each rule cuts from each step a part R_t with Σ_t R_t = R;
/// the step's share is ⟨R_t, R⟩ / ‖R‖², and the shares sum to 1. A step that pulls against the rest has a negative one.
///
///     global norm   R_t = (1 − k) G_t
///     value         R_t = G_t ⊙ Q,   Q the part of each entry that was cut, max(0, 1 − v / |entry|)
///     step norm     R_t = G_t − G'_t, the contributions of the two recursions
///
/// A penalty takes part in the norm, and in the entries that Q is told by, but it has no steps here.
struct CutShares<Element: Scalar> {
  /// By step, t = 1…T; of places where something was cut.
  let shares: [LayerPlace: [Double]]

  /// - Parameters:
  ///   - unclipped: gradients of the recursions without a clip.
  ///   - clipped: of those under the clip's step rule.
  ///   - whole: what a rule for whole gradients acts on, the penalty included.
  init<Cell: RecurrentCell<Element>>(
    _ clip: GradientClip, unclipped: NetworkGradients<Element>, clipped: NetworkGradients<Element>,
    whole: NetworkGradients<Element>, pass: NetworkPass<Cell>, loss: any SequenceLoss<Element>
  ) {
    var cuts: [LayerPlace: Cut] = [:]
    for layer in (pass.encoderLayers + pass.layers).joined() {
      let name = layer.place.name("weight_hh")
      if let g = unclipped[name], let h = clipped[name], let all = whole[name] {
        cuts[layer.place] = Cut(clip, unclipped: g, clipped: h, whole: all)
      }
    }
    /// ⟨G_t, M⟩ of every place in units of its 2^top.
    func products(_ rule: StepClip) -> [LayerPlace: [Double]] {
      var found: [LayerPlace: [Double]] = [:]
      _ = pass.backward(loss: loss) { walk in
        guard let cut = cuts[walk.place] else { return walk.backward(clip: rule) }
        let shape = walk.layer.pass.shape
        var probe = StepProducts(
          shape: shape,
          matrix: Matrix<Element>(
            rows: cut.factors.count / shape.hiddenSize, columns: shape.hiddenSize,
            values: Element.array(cut.factors)))
        let result = walk.backward(clip: rule, calling: &probe)
        found[walk.place] = zip(probe.values, probe.exponents).map { scalbn($0, $1 - cut.top) }
        return result
      }
      return found
    }
    if cuts.isEmpty {
      shares = [:]
      return
    }
    var parts = products(.none)
    if clip.stepClip != .none {
      let after = products(clip.stepClip)
      for (place, values) in parts {
        parts[place] = zip(values, after[place] ?? []).map { $0 - $1 }
      }
    }
    var shares: [LayerPlace: [Double]] = [:]
    for (place, values) in parts {
      guard let square = cuts[place]?.square else { continue }
      shares[place] = values.map { $0 / square }
    }
    self.shares = shares
  }

  /// What was cut from ∂L/∂W_hh of one place.
  private struct Cut {
    /// Power of two of the larger gradient; what is cut is never larger than the sum of both.
    let top: Int
    /// M, whose products with the contributions are the shares times ``square`` [G·H · H].
    let factors: [Double]
    /// ‖R‖².
    let square: Double

    /// nil where nothing was cut.
    init?(
      _ clip: GradientClip, unclipped: ScaledArray<Element>, clipped: ScaledArray<Element>,
      whole: ScaledArray<Element>
    ) {
      let top = max(unclipped.largestMagnitude, clipped.largestMagnitude).exponent
      func normalised(_ array: ScaledArray<Element>) -> [Double] {
        Element.doubles(array.values).map { scalbn($0, array.exponent - top) }
      }
      let g = normalised(unclipped)
      let cut: [Double]
      switch clip {
      case .none: cut = []
      case .globalNorm: cut = g  // times 1 − k
      case .value(let limit): cut = zip(g, Self.cutParts(of: whole, limit)).map { $0 * $1 }
      case .stepNorm, .stepNormExample: cut = zip(g, normalised(clipped)).map { $0 - $1 }
      }
      self.top = top
      square = cut.reduce(0) { $0 + $1 * $1 }
      guard square > 0, square.isFinite else { return nil }
      if case .value(let limit) = clip {
        factors = zip(cut, Self.cutParts(of: whole, limit)).map { $0 * $1 }
      } else {
        factors = cut
      }
    }

    /// max(0, 1 − limit / |entry|), 0 for an entry of 0.
    private static func cutParts(of whole: ScaledArray<Element>, _ limit: Double) -> [Double] {
      Element.doubles(whole.values).map { max(0, 1 - scalbn(limit / $0.magnitude, -whole.exponent)) }
    }
  }
}
