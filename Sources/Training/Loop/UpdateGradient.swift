import LinearAlgebra
import RecurrentCells

/// The gradient of an update on its way from the backward pass to the optimiser: with what the penalty adds, and with
/// what clipping does to it.
struct UpdateGradient<Element: Scalar> {
  /// What the optimiser takes, times ``factor``.
  let gradients: ParameterGradients<Element>
  let factor: ScaledNumber
  /// What the clip acted on: of the unclipped recursion, penalty included.
  let whole: ParameterGradients<Element>
  let normBefore, normAfter: ScaledNumber
  let clippedShare: Double
  let cosine: Double?

  /// - Parameters:
  ///   - clipped: of the backward pass under the clip's step rule.
  ///   - unclipped: of the one without it; the same where there is none, or nothing was clipped.
  ///   - penalty: α ∂Ω/∂W_hh, of each of the two.
  init(
    _ clip: GradientClip, clipped: BackwardResult<Element>, unclipped: BackwardResult<Element>,
    penalty: ScaledArray<Element>?
  ) {
    func joined(_ result: BackwardResult<Element>) -> ParameterGradients<Element> {
      var gradients = result.gradients
      if let penalty { gradients.weightHH = gradients.weightHH.adding(penalty) }
      return gradients
    }
    whole = joined(unclipped)
    normBefore = whole.globalNorm
    switch clip {
    case .none:
      (gradients, factor, clippedShare) = (whole, ScaledNumber(1), 0)
      normAfter = normBefore
      cosine = normBefore.isZero ? nil : 1
    case .globalNorm(let limit):
      let coefficient = GradientClip.coefficient(limit: limit, norm: normBefore)
      (gradients, factor) = (whole, coefficient)
      clippedShare = coefficient < ScaledNumber(1) ? 1 : 0
      normAfter = normBefore * coefficient
      cosine = normBefore.isZero ? nil : 1
    case .value(let limit):
      var (changed, count) = (0, 0)
      gradients = whole.mapEach { gradient in
        count += gradient.values.count
        return gradient.clamped(to: limit, changed: &changed)
      }
      factor = ScaledNumber(1)
      clippedShare = Double(changed) / Double(count)
      normAfter = changed == 0 ? normBefore : gradients.globalNorm
      cosine = changed == 0 && !normBefore.isZero ? 1 : gradients.cosine(to: whole)
    case .stepNorm, .stepNormExample:
      clippedShare = clipped.clippedFraction
      factor = ScaledNumber(1)
      if clippedShare > 0 {
        gradients = joined(clipped)
        normAfter = gradients.globalNorm
        cosine = gradients.cosine(to: whole)
      } else {
        (gradients, normAfter) = (whole, normBefore)
        cosine = normBefore.isZero ? nil : 1
      }
    }
  }
}
