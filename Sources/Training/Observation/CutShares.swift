import Foundation
import GradientDiagnostics
import LinearAlgebra
import RecurrentCells

/// Which steps pay for what clipping cuts from ∂L/∂W_hh.
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
  /// By step, t = 1…T; nil where nothing was cut.
  let shares: [Double]?

  /// - Parameters:
  ///   - unclipped: ∂L/∂W_hh of the recursion without a clip.
  ///   - clipped: of the one under the clip's step rule.
  ///   - whole: what a rule for whole gradients acts on, the penalty included.
  init<Cell: RecurrentCell<Element>>(
    _ clip: GradientClip, unclipped: ScaledArray<Element>, clipped: ScaledArray<Element>,
    whole: ScaledArray<Element>, pass: inout SequencePass<Cell>, loss: any SequenceLoss<Element>
  ) {
    // Both at the exponent of the larger; what is cut is never larger than their sum.
    let top = max(unclipped.largestMagnitude, clipped.largestMagnitude)
    func normalised(_ array: ScaledArray<Element>) -> [Double] {
      Element.doubles(array.values).map { scalbn($0, array.exponent - top.exponent) }
    }
    /// ⟨G_t, M⟩ in units of 2^top.
    func products(_ m: [Double], _ rule: StepClip) -> [Double] {
      let hidden = pass.shape.hiddenSize
      var probe = StepProducts(
        shape: pass.shape,
        matrix: Matrix<Element>(rows: m.count / hidden, columns: hidden, values: Element.array(m)))
      _ = pass.backward(loss: loss, clip: rule, calling: &probe)
      return zip(probe.values, probe.exponents).map { scalbn($0, $1 - top.exponent) }
    }
    let g = normalised(unclipped)
    let cut: [Double]
    switch clip {
    case .none: cut = []
    case .globalNorm: cut = g  // times 1 − k
    case .value(let limit):
      cut = zip(g, Self.cutParts(of: whole, limit)).map { $0 * $1 }
    case .stepNorm, .stepNormExample:
      cut = zip(g, normalised(clipped)).map { $0 - $1 }
    }
    let square = cut.reduce(0) { $0 + $1 * $1 }
    guard square > 0, square.isFinite else {
      shares = nil
      return
    }
    switch clip {
    case .none, .globalNorm: shares = products(cut, .none).map { $0 / square }
    case .value(let limit):
      let m = zip(cut, Self.cutParts(of: whole, limit)).map { $0 * $1 }
      shares = products(m, .none).map { $0 / square }
    case .stepNorm, .stepNormExample:
      shares = zip(products(cut, .none), products(cut, clip.stepClip)).map { ($0 - $1) / square }
    }
  }

  /// max(0, 1 − limit / |entry|), 0 for an entry of 0.
  private static func cutParts(of whole: ScaledArray<Element>, _ limit: Double) -> [Double] {
    Element.doubles(whole.values).map { max(0, 1 - scalbn(limit / $0.magnitude, -whole.exponent)) }
  }
}
