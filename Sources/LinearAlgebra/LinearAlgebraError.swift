/// What can go wrong in a decomposition.
public enum LinearAlgebraError: Error, Equatable, Sendable, CustomStringConvertible {
  /// LAPACK's iteration did not converge, or was given NaN or infinity.
  case decompositionFailed(routine: String, rows: Int, columns: Int, info: Int)
  /// A matrix whose spectral radius is 0 cannot be scaled to another one.
  case zeroSpectralRadius(size: Int, asked: Double)

  public var description: String {
    switch self {
    case .decompositionFailed(let routine, let rows, let columns, let info):
      return "LAPACK \(routine) failed on a \(rows) × \(columns) matrix (info \(info)); "
        + "check the matrix for NaN and infinite entries"
    case .zeroSpectralRadius(let size, let asked):
      return "a \(size) × \(size) matrix of spectral radius 0 cannot be scaled to \(asked)"
    }
  }
}
