import Foundation
import LinearAlgebra
import RecurrentCells

/// Parameter gradients on their way from the backward pass to an optimiser: with what a penalty adds, and with what
/// clipping does to them.
public struct ClippedGradients<Element: Scalar>: Sendable {
  /// What an optimiser takes, times ``factor``.
  public let unscaled: NetworkGradients<Element>
  /// min(1, max / (n + 1e-6)) of the global-norm rule; 1 for other rules.
  public let factor: ScaledNumber
  /// What the clip acted on: of the unclipped recursion, penalty included.
  public let whole: NetworkGradients<Element>
  /// Norm over all parameters before and after.
  public let normBefore, normAfter: ScaledNumber
  /// Share of what the rule looks at that it changed: 0 or 1 for the global norm, of entries for the value
  /// rule, of steps (or steps and batch elements) for the step rules.
  public let clippedFraction: Double
  /// cos of the angle between the gradient before and after over all parameters; 1 where nothing was
  /// clipped, nil where either norm is zero, infinite or no number.
  public let cosine: Double?

  /// What an optimiser would use.
  public var gradients: NetworkGradients<Element> {
    factor == ScaledNumber(1) ? unscaled : unscaled.mapEach { $0.scaled(by: factor) }
  }

  /// Applies the rules that act on whole gradients; for a step rule, compares what the clipped recursion
  /// gave with what an unclipped one gives.
  ///
  /// - Parameters:
  ///   - clipped: the backward pass under `clip.stepClip`.
  ///   - unclipped: the backward pass without it; the same result where there is no step rule, or nothing was clipped.
  ///   - penalty: what it adds to ∂L/∂W_hh of each of the two, of a network of one layer.
  @inlinable
  public init(
    _ clip: GradientClip, clipped: NetworkBackwardResult<Element>, unclipped: NetworkBackwardResult<Element>,
    penalty: ScaledArray<Element>? = nil
  ) {
    func joined(_ result: NetworkBackwardResult<Element>) -> NetworkGradients<Element> {
      guard let penalty else { return result.gradients }
      let name = LayerPlace(layer: 0).name("weight_hh")
      return NetworkGradients(
        entries: result.gradients.entries.map {
          $0.name == name ? .init(name: name, gradient: $0.gradient.adding(penalty)) : $0
        })
    }
    whole = joined(unclipped)
    normBefore = whole.globalNorm
    var (taken, coefficient, fraction) = (whole, ScaledNumber(1), 0.0)
    // Whether what is taken is no multiple of the whole.
    var turns = false
    switch clip {
    case .none: break
    case .globalNorm(let limit):
      coefficient = GradientClip.coefficient(limit: limit, norm: normBefore)
      fraction = coefficient < ScaledNumber(1) ? 1 : 0
    case .value(let limit):
      var (changed, count) = (0, 0)
      taken = whole.mapEach { gradient in
        count += gradient.values.count
        return gradient.clamped(to: limit, changed: &changed)
      }
      fraction = count == 0 ? 0 : Double(changed) / Double(count)
      turns = changed > 0
    case .stepNorm, .stepNormExample:
      fraction = clipped.clippedFraction
      turns = fraction > 0
      if turns { taken = joined(clipped) }
    }
    (unscaled, factor, clippedFraction) = (taken, coefficient, fraction)
    normAfter = turns ? taken.globalNorm : normBefore * coefficient
    cosine = turns ? taken.cosine(to: whole) : normBefore.cosineToItself
  }
}

extension NetworkGradients {
  /// The same transformation of every gradient.
  public func mapEach(
    _ transform: (ScaledArray<Element>) -> ScaledArray<Element>
  ) -> NetworkGradients {
    NetworkGradients(entries: entries.map { Entry(name: $0.name, gradient: transform($0.gradient)) })
  }

  /// cos of the angle between two gradients over all parameters, right at any magnitude; nil where one of
  /// them has no direction: its norm is zero, infinite or no number.
  public func cosine(to other: NetworkGradients) -> Double? {
    let (norm, otherNorm) = (globalNorm, other.globalNorm)
    guard norm.cosineToItself != nil, otherNorm.cosineToItself != nil else { return nil }
    var cosine = 0.0
    for (mine, theirs) in zip(entries, other.entries) {
      // Each array divided by its own size first: no product leaves the range.
      let (x, y) = (mine.gradient.normalised, theirs.gradient.normalised)
      let power = x.exponent - norm.exponent + y.exponent - otherNorm.exponent
      cosine += scalbn(Element.dot(x.values, y.values), power)
    }
    return max(-1, min(1, cosine / (norm.mantissa * otherNorm.mantissa)))
  }
}

extension ScaledNumber {
  /// cos of the angle between a vector of this norm and any positive multiple of it: 1, or nil for a vector without a
  /// direction, whose norm is zero, infinite or no number.
  @usableFromInline
  package var cosineToItself: Double? { isFinite && !isZero ? 1 : nil }
}

extension ScaledArray {
  /// The same numbers with the largest magnitude in [1, 2).
  fileprivate var normalised: ScaledArray {
    var own = 0
    let scaled = [Element](unsafeUninitializedCapacity: values.count) { buffer, count in
      if let base = buffer.baseAddress {
        Element.normaliseRows(
          count: 1, width: values.count, stride: values.count, values, into: base, exponents: &own)
      }
      count = values.count
    }
    return ScaledArray(values: scaled, exponent: own == .min ? 0 : exponent + own)
  }

  /// Every value times a scaled number.
  public func scaled(by factor: ScaledNumber) -> ScaledArray {
    if factor == ScaledNumber(1) { return self }
    let mantissa = factor.mantissa
    return ScaledArray(
      values: Element.array(Element.doubles(values).map { $0 * mantissa }),
      exponent: exponent + factor.exponent)
  }

  /// Every value clamped to ±`limit`, as plain numbers: what was out of range above is `limit`, what is
  /// below the range is 0.
  ///
  /// - Parameter changed: increased by the number of values that were clamped.
  public func clamped(to limit: Double, changed: inout Int) -> ScaledArray {
    let plain = doubles
    let exceeding = plain.count { $0.magnitude > limit }
    changed += exceeding
    if exceeding == 0, plain.allSatisfy({ !$0.isNaN }) { return self }
    let own = Int(limit.exponent)
    return ScaledArray(
      values: Element.array(plain.map { $0.isNaN ? $0 : scalbn(max(-limit, min(limit, $0)), -own) }),
      exponent: own)
  }
}
