import LinearAlgebra
import RecurrentCells

/// A layer between the outputs of a network and its criterion, which takes rows of numbers one by one.
///
/// To add one: a file with its equation, and its name where heads are read (`HeadReader`).
public protocol HeadLayer: Sendable {
  /// As in the file, or the name of the function.
  var name: String { get }
  /// The width of the rows that it gives for rows of a width; nil if it does not take them.
  func outputSize(of width: Int) -> Int?
  /// Rows y [rows, outputs] of rows x [rows, width].
  func forward(_ x: [Double], rows: Int) -> [Double]
  /// ∂L/∂x of ∂L/∂y; rows keep the exponents that they have.
  ///
  /// - Parameter y: what ``forward(_:rows:)`` gave.
  func backward(_ gradient: [Double], x: [Double], y: [Double], rows: Int) -> [Double]
  /// ∂L/∂parameters, summed over rows; empty for a layer without.
  func parameterGradients(_ gradient: [Double], x: [Double], rows: Int) -> [HeadParameter]
}

extension HeadLayer {
  public func parameterGradients(_ gradient: [Double], x: [Double], rows: Int) -> [HeadParameter] { [] }
}

/// The gradient of a parameter of a head.
public struct HeadParameter: Sendable, Equatable {
  /// As in the file.
  public let name: String
  public let shape: [Int]
  public var gradient: ScaledArray<Double>

  public init(name: String, shape: [Int], gradient: ScaledArray<Double>) {
    self.name = name
    self.shape = shape
    self.gradient = gradient
  }
}
