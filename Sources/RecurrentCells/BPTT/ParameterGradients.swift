import Foundation
import LinearAlgebra

/// A gradient `values · 2^exponent`, so that totals far outside the floating-point range keep their digits.
public struct ScaledArray<Element: Scalar>: Sendable, Equatable {
  /// Mantissas, row-major in the parameter's shape.
  public var values: [Element]
  /// Power of two common to all.
  public var exponent: Int

  public init(values: [Element], exponent: Int = 0) {
    self.values = values
    self.exponent = exponent
  }

  /// Euclidean (Frobenius) norm, right at any magnitude.
  public var norm: ScaledNumber {
    ScaledNumber(Element.euclideanNorm(values), exponent: exponent)
  }

  /// max |x|, right at any magnitude.
  public var largestMagnitude: ScaledNumber {
    ScaledNumber(Element.largestMagnitude(values.count, values), exponent: exponent)
  }

  /// Plain numbers: 0 below the range of `Double`, ±∞ above it.
  public var doubles: [Double] {
    Element.doubles(values).map { scalbn($0, exponent) }
  }
}

/// The whole gradient ∂L/∂parameter, summed over all steps.
public struct ParameterGradients<Element: Scalar>: Sendable, Equatable {
  /// By parameter of the cell.
  public var weightIH, weightHH, biasIH, biasHH: ScaledArray<Element>
  /// Of the readout, if the loss has one.
  public var readoutWeight, readoutBias: ScaledArray<Element>?

  public init(
    weightIH: ScaledArray<Element>, weightHH: ScaledArray<Element>, biasIH: ScaledArray<Element>,
    biasHH: ScaledArray<Element>, readoutWeight: ScaledArray<Element>? = nil,
    readoutBias: ScaledArray<Element>? = nil
  ) {
    self.weightIH = weightIH
    self.weightHH = weightHH
    self.biasIH = biasIH
    self.biasHH = biasHH
    self.readoutWeight = readoutWeight
    self.readoutBias = readoutBias
  }

  /// Every gradient with PyTorch's name of its parameter, in a fixed order.
  public var named: [(name: String, gradient: ScaledArray<Element>)] {
    var list: [(name: String, gradient: ScaledArray<Element>)] = [
      (RecurrentParameter.weightIH.rawValue, weightIH),
      (RecurrentParameter.weightHH.rawValue, weightHH),
      (RecurrentParameter.biasIH.rawValue, biasIH),
      (RecurrentParameter.biasHH.rawValue, biasHH),
    ]
    if let readoutWeight { list.append(("readout.weight", readoutWeight)) }
    if let readoutBias { list.append(("readout.bias", readoutBias)) }
    return list
  }

  /// √ of the sum of squares over all parameters, the readout included.
  public var globalNorm: ScaledNumber { .euclideanNorm(named.map(\.gradient.norm)) }
}
