import CNumericKernels

/// The element type of a network: `Float` or `Double`, the precisions that the kernels are compiled for.
public protocol Scalar: BinaryFloatingPoint, Sendable, BitwiseCopyable {
  /// Which of its two precisions `CNumericKernels` is to compute in.
  static var element: gf_element { get }
  /// Largest power of two, as an exponent, that a backward vector may drift from 1 before it is rescaled.
  static var defaultRescalingThreshold: Int { get }

  /// The values rounded to this type.
  static func array(_ values: [Double]) -> [Self]
  /// The values widened to double.
  static func doubles(_ values: [Self]) -> [Double]
}

extension Double: Scalar {
  @inlinable public static var element: gf_element { GF_FLOAT64 }
  public static var defaultRescalingThreshold: Int { 64 }

  public static func array(_ values: [Double]) -> [Double] { values }
  public static func doubles(_ values: [Double]) -> [Double] { values }
}

extension Float: Scalar {
  @inlinable public static var element: gf_element { GF_FLOAT32 }
  public static var defaultRescalingThreshold: Int { 8 }

  public static func array(_ values: [Double]) -> [Float] { values.map { Float($0) } }
  public static func doubles(_ values: [Float]) -> [Double] { values.map { Double($0) } }
}
