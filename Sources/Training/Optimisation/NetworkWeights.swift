import LinearAlgebra
import RecurrentCells

/// Everything that is trained: a recurrent layer and the linear readout of its hidden state.
public struct NetworkWeights<Element: Scalar>: Sendable, Equatable {
  public var recurrent: RecurrentParameters<Element>
  public var readout: Readout<Element>

  public init(recurrent: RecurrentParameters<Element>, readout: Readout<Element>) {
    self.recurrent = recurrent
    self.readout = readout
  }

  /// The names of its arrays, in the order of ``arrays``: PyTorch's, as ``ParameterGradients/named`` has them.
  public static var names: [String] {
    RecurrentParameter.allCases.map(\.rawValue) + ["readout.weight", "readout.bias"]
  }

  /// Every array, row-major.
  public var arrays: [[Element]] {
    get {
      [
        recurrent.weightIH.values, recurrent.weightHH.values, recurrent.biasIH, recurrent.biasHH,
        readout.weight.values, readout.bias,
      ]
    }
    set {
      precondition(newValue.map(\.count) == arrays.map(\.count), "arrays of another network")
      recurrent.weightIH.values = newValue[0]
      recurrent.weightHH.values = newValue[1]
      recurrent.biasIH = newValue[2]
      recurrent.biasHH = newValue[3]
      readout.weight.values = newValue[4]
      readout.bias = newValue[5]
    }
  }

  /// √ of the sum of squares of all weights.
  public var norm: Double {
    Double.euclideanNorm(arrays.map { Element.euclideanNorm($0) })
  }

  /// Whether every weight is a finite number.
  public var isFinite: Bool {
    arrays.allSatisfy { Element.firstNonFinite($0.count, $0) == nil }
  }

  /// The same weights in another precision.
  public func converted<Other: Scalar>(to type: Other.Type) -> NetworkWeights<Other> {
    NetworkWeights<Other>(recurrent: recurrent.converted(to: type), readout: readout.converted(to: type))
  }
}
