import Foundation
import LinearAlgebra

/// Numbers with a power of two of their own each: elements of one vector that differ by more than the range of a double.
///
/// Element k is `mantissas[k] · 2^exponents[k]`, its mantissa of magnitude 1 to 2, or 0. Sums and products round as those of
/// doubles without a bound on the exponent would.
struct ScaledElements: ~Copyable {
  let mantissas: AlignedBuffer<Double>
  let exponents: AlignedBuffer<Int>

  /// Zeros.
  init(count: Int) {
    mantissas = AlignedBuffer(count: count)
    exponents = AlignedBuffer(count: count)
  }

  /// x_k ← x_k + value · 2^exponent.
  func add(_ value: Double, exponent: Int, to k: Int) {
    if value == 0 { return }
    let own = mantissas.base[k]
    guard value.isFinite, own.isFinite else {
      mantissas.base[k] = own + value
      return
    }
    let power = exponent + Int(value.exponent)
    let mantissa = scalbn(value, -Int(value.exponent))
    if own == 0 {
      (mantissas.base[k], exponents.base[k]) = (mantissa, power)
      return
    }
    let top = max(power, exponents.base[k])
    set(k, own * powerOfTwo(exponents.base[k] - top) + mantissa * powerOfTwo(power - top), exponent: top)
  }

  /// x_k ← x_k · factor.
  func multiply(_ k: Int, by factor: Double) {
    if mantissas.base[k] == 0 { return }
    let power = factor.isFinite && factor != 0 ? Int(factor.exponent) : 0
    set(k, mantissas.base[k] * scalbn(factor, -power), exponent: exponents.base[k] + power)
  }

  /// The exponent of the largest of some elements; nil if all are 0.
  func largestExponent(_ range: Range<Int>) -> Int? {
    var top = Int.min
    for k in range where mantissas.base[k] != 0 { top = max(top, exponents.base[k]) }
    return top == .min ? nil : top
  }

  private func set(_ k: Int, _ value: Double, exponent: Int) {
    guard value != 0, value.isFinite else {
      (mantissas.base[k], exponents.base[k]) = (value, 0)
      return
    }
    mantissas.base[k] = scalbn(value, -Int(value.exponent))
    exponents.base[k] = exponent + Int(value.exponent)
  }
}
