import Foundation

extension Matrix {
  /// The Kreiss constant: how much powers can grow before they decay, K ≤ sup_k ‖W^k‖₂ ≤ e n K.
  ///
  ///     K(W) = sup_{|z| > 1} (|z| − 1) ‖(z − W)⁻¹‖₂
  ///
  /// An estimate from below: the supremum is searched on a grid of angles (even, and those of the outermost eigenvalues)
  /// and of distances |z| − 1 (logarithmic), and refined at the best three points. Never less than 1, the limit at infinity.
  ///
  /// A contraction, ‖W‖₂ ≤ 1 within rounding, has K = 1 exactly; so have orthogonal matrices. Any other matrix with ρ ≥ 1
  /// gets +∞: its powers grow without bound, or, where |λ| = 1 in a way that rounding cannot tell, perhaps do not.
  ///
  /// - Returns: NaN, for not known, where ‖W‖₂ is beyond 1e140.
  /// - Throws: ``LinearAlgebraError/decompositionFailed(routine:rows:columns:info:)``.
  /// - Complexity: O(n³) for a complex Schur form, then about a thousand norms of O(n²) each.
  /// - Note: Source: Kreiss (1962); Trefethen & Embree, Spectra and Pseudospectra (2005), ch. 18.
  public func kreissConstant() throws(LinearAlgebraError) -> Double {
    precondition(rows == columns, "the Kreiss constant needs a square matrix, not \(rows) × \(columns)")
    let norm = try singularValues().first ?? 0
    if norm <= 1 + Double(rows) * Double.ulpOfOne { return 1 }
    // Squares of the resolvent's norm would leave the range.
    if norm > 1e140 { return .nan }
    let resolvent = try Resolvent(of: self)
    guard let outermost = resolvent.eigenvalues.first, outermost.magnitude < 1 else { return .infinity }
    return max(1, KreissSearch(resolvent: resolvent, norm: norm).supremum())
  }
}

/// The search for the supremum, in (log(|z| − 1), angle).
private struct KreissSearch: ~Copyable {
  let resolvent: Resolvent
  let norm: Double

  struct Point {
    var logDistance, angle, value: Double
  }

  func supremum() -> Double {
    var best: [Point] = []
    for angle in angles { best.append(bestOnRay(angle)) }
    best.sort { $0.value > $1.value }
    return best.prefix(3).map { refined($0).value }.max() ?? 1
  }

  /// Even ones, and those where the spectrum comes closest to the circle.
  private var angles: [Double] {
    let even = (0...24).map { Double($0) * .pi / 24 }
    let outer = resolvent.eigenvalues.filter { $0.imaginary >= 0 }.prefix(16)
    return even + outer.map { atan2($0.imaginary, $0.real) }
  }

  private func value(_ logDistance: Double, _ angle: Double, tolerance: Double) -> Double {
    let distance = exp(logDistance)
    return distance * resolvent.norm(radius: 1 + distance, angle: angle, tolerance: tolerance)
  }

  /// With s the smallest singular value at e^{iθ}, nothing reaches 1 below a distance of s/2, and nothing exceeds 1.01
  /// beyond 100 ‖W‖.
  private func bestOnRay(_ angle: Double) -> Point {
    let start = log(0.5 / resolvent.norm(radius: 1, angle: angle, tolerance: 1e-2))
    let end = log(100 * norm)
    let count = max(4, Int(((end - start) / 0.8).rounded(.up)))
    var best = Point(logDistance: end, angle: angle, value: 1)
    for k in 0...count {
      let logDistance = start + (end - start) * Double(k) / Double(count)
      let value = value(logDistance, angle, tolerance: 1e-2)
      if value > best.value { best = Point(logDistance: logDistance, angle: angle, value: value) }
    }
    return best
  }

  /// Uphill in one variable after the other until that gains nothing.
  private func refined(_ start: Point) -> Point {
    var point = start
    point.value = value(point.logDistance, point.angle, tolerance: 1e-12)
    var (width, turn) = (0.8, Double.pi / 24)
    for _ in 0..<12 {
      let before = point
      let along = localMaximum(in: point.logDistance - width...point.logDistance + width, tolerance: 1e-5) {
        value($0, point.angle, tolerance: 1e-12)
      }
      if along.value > point.value { (point.logDistance, point.value) = (along.argument, along.value) }
      let across = localMaximum(in: point.angle - turn...point.angle + turn, tolerance: 1e-5 * turn) {
        value(point.logDistance, $0, tolerance: 1e-12)
      }
      if across.value > point.value { (point.angle, point.value) = (across.argument, across.value) }
      if point.value <= before.value * (1 + 1e-8) { break }
      width = max(1e-3, 3 * (point.logDistance - before.logDistance).magnitude)
      turn = max(1e-4 * turn, min(turn, 3 * (point.angle - before.angle).magnitude))
    }
    return point
  }
}
