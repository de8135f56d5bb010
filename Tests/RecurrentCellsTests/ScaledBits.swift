import GradientFlow

/// The exact value of every entry, whatever power of two was taken out: sign, and significand with exponent; nil for
/// what is no number.
func scaledBits<Element: Scalar>(_ array: ScaledArray<Element>, shift: Int = 0) -> [ScaledNumber?] {
  array.values.map { value in
    value.isNaN ? nil : ScaledNumber(Double(value), exponent: array.exponent + (value == 0 ? 0 : shift))
  } + array.values.map { $0 < 0 ? nil : .zero }
}
