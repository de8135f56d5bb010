/// What the values of units can be refused for.
public enum UnitSeriesError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A value that is NaN, infinite or beyond ``largest`` in size.
  case notANumber(value: Float, unit: Int, position: Int)
  /// A value of a gate outside [0, 1].
  case notAGate(value: Float, unit: Int, position: Int)
  /// A series of features that is NaN or infinite somewhere.
  case featureNotFinite(name: String, position: Int)
  /// A text that leaves no room for so many shifts.
  case textTooShort(characters: Int, needed: Int)

  /// The largest value, in size, whose products single precision holds.
  public static let largest: Float = 1e30

  public var description: String {
    switch self {
    case .notANumber(let value, let unit, let position):
      return
        "unit \(unit) has the value \(value) at character \(position); values must be numbers of at most "
        + "\(Self.largest) in size: look whether the network diverges"
    case .notAGate(let value, let unit, let position):
      return "gate \(unit) has the value \(value) at character \(position); a gate is between 0 and 1"
    case .featureNotFinite(let name, let position):
      return "the feature \(name) has no finite value at character \(position)"
    case .textTooShort(let characters, let needed):
      return "\(characters) characters are too few to say what chance gives; at least \(needed) are needed"
    }
  }
}
