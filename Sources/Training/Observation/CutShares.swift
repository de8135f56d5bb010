import Foundation
import LinearAlgebra
import RecurrentCells

/// Which steps pay for what clipping cuts from ∂L/∂W_hh.
///
/// With G = Σ_t G_t before and G' after clipping, R = G − G' is what was cut. Each rule cuts from each step a part R_t
/// with Σ_t R_t = R; the step's share is ⟨R_t, R⟩ / ‖R‖², and the shares sum to 1. A step that pulls against the rest has
/// a negative one.
///
///     global norm   R_t = (1 − k) G_t               value   R_t = G_t ⊙ R / G, entry by entry
///     step norm     R_t = G_t − G'_t, the contributions of the two recursions
struct CutShares<Element: Scalar> {
  /// By step, t = 1…T; nil where nothing was cut.
  let shares: [Double]?

  /// - Parameters:
  ///   - before: ∂L/∂W_hh of the unclipped recursion.
  ///   - after: what clipping made of it.
  init<Cell: RecurrentCell<Element>>(
    _ clip: GradientClip, before: ScaledArray<Element>, after: ScaledArray<Element>, size hidden: Int,
    pass: inout SequencePass<Cell>, loss: any SequenceLoss<Element>
  ) {
    // Both at the exponent of the larger; what is cut is never larger than their sum.
    let top = max(
      ScaledNumber(Element.largestMagnitude(before.values.count, before.values), exponent: before.exponent),
      ScaledNumber(Element.largestMagnitude(after.values.count, after.values), exponent: after.exponent))
    func normalised(_ array: ScaledArray<Element>) -> [Double] {
      Element.doubles(array.values).map { scalbn($0, array.exponent - top.exponent) }
    }
    let (g, clipped) = (normalised(before), normalised(after))
    let cut = zip(g, clipped).map { $0 - $1 }
    let square = cut.reduce(0) { $0 + $1 * $1 }
    guard square > 0, square.isFinite else {
      shares = nil
      return
    }
    func matrix(_ values: [Double]) -> Matrix<Element> {
      Matrix(rows: values.count / hidden, columns: hidden, values: Element.array(values))
    }
    /// ⟨G_t, M⟩ in units of 2^top.
    func products(_ m: [Double], _ rule: StepClip) -> [Double] {
      var probe = StepProducts(shape: pass.shape, matrix: matrix(m))
      _ = pass.backward(loss: loss, clip: rule, probe: &probe)
      return zip(probe.values, probe.exponents).map { scalbn($0, $1 - top.exponent) }
    }
    switch clip.stepClip {
    case .none:
      // R² / G, which for the global norm is (1 − k)² G.
      let m = zip(cut, g).map { r, entry in entry == 0 ? 0 : r * r / entry }
      shares = products(m, .none).map { $0 / square }
    case .batch, .example:
      shares = zip(products(cut, .none), products(cut, clip.stepClip)).map { ($0 - $1) / square }
    }
  }
}
