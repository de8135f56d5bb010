import Foundation
import LinearAlgebra

/// The spectral radius of an N × N matrix of independent entries N(0, 1/N), which exceeds its limit 1 for long.
public enum GaussianSpectralRadius {
  /// ρ_N = E max |λ| of simulated matrices, with its standard error; exact for N = 1. From 1,200,000 matrices of two units,
  /// 46,000 of 64, to a few hundred of 1,024.
  public static let simulated: [(size: Int, mean: Double, standardError: Double)] = [
    (1, (2 / Double.pi).squareRoot(), 0), (2, 0.9317, 0.0004), (4, 1.0206, 0.0004), (8, 1.0588, 0.0004),
    (16, 1.0682, 0.0003), (32, 1.0648, 0.0003), (64, 1.0572, 0.0002), (128, 1.0475, 0.0003),
    (256, 1.0380, 0.0003), (512, 1.0290, 0.0004), (1024, 1.0229, 0.0005),
  ]

  /// ρ_N, interpolated linearly in log N.
  ///
  /// Beyond the largest simulated size the excess over 1 falls as 1/√N, towards the circular law.
  ///
  /// - Parameter size: N ≥ 1.
  /// - Note: Source of the limit: Girko 1984; Geman 1986 for the radius.
  public static func mean(size: Int) -> Double {
    precondition(size >= 1, "a matrix of size \(size)")
    guard let next = simulated.firstIndex(where: { $0.size >= size }) else {
      let last = simulated[simulated.count - 1]
      return 1 + (last.mean - 1) * (Double(last.size) / Double(size)).squareRoot()
    }
    let upper = simulated[next]
    if upper.size == size { return upper.mean }
    let lower = simulated[next - 1]
    let fraction = log(Double(size) / Double(lower.size)) / log(Double(upper.size) / Double(lower.size))
    return lower.mean + fraction * (upper.mean - lower.mean)
  }
}

extension Initializer {
  /// The σ_w of mean-field theory that belong to a block of W_hh rescaled to a spectral radius ρ: from ρ/ρ_N to ρ,
  /// where ρ_N is that of a Gaussian matrix (``GaussianSpectralRadius``).
  ///
  /// Uniform entries are as Gaussian ones. Orthogonal blocks have entries of variance ρ²/N: σ_w = ρ exactly.
  ///
  /// - Parameters:
  ///   - spectralRadius: ρ ≥ 0.
  ///   - hiddenSize: N ≥ 1.
  /// - Returns: nil for the identity, which is not a random matrix.
  public func recurrentScales(spectralRadius: Double, hiddenSize: Int) -> ClosedRange<Double>? {
    switch self {
    case .identity: return nil
    case .orthogonal: return spectralRadius...spectralRadius
    case .gaussian, .uniform:
      let other = spectralRadius / GaussianSpectralRadius.mean(size: hiddenSize)
      return min(other, spectralRadius)...max(other, spectralRadius)
    }
  }
}
