import TextFiles

/// What points, curves or panels of a figure are told apart by: an axis of the trials, or where in their networks something
/// was measured.
public enum FigureAxis: Sendable, Hashable {
  case trial(Axis)
  case place(PlaceAxis)

  /// As specifications and options write it.
  public var name: String {
    switch self {
    case .trial(let axis): axis.key.rawValue
    case .place(let axis): axis.rawValue
    }
  }

  /// Every name that a figure may be given.
  public static let names = Axis.all.map(\.key.rawValue) + PlaceAxis.allCases.map(\.rawValue)

  /// The one that a user calls so.
  ///
  /// - Throws: ``SpecificationError`` of kind `unknownKey`, with the nearest name.
  static func named(_ name: String, at place: SpecificationError.Place) throws(SpecificationError)
    -> FigureAxis
  {
    if let axis = PlaceAxis(rawValue: name) { return .place(axis) }
    return .trial(try Axis.named(name, at: place, besides: PlaceAxis.allCases.map(\.rawValue)))
  }

  /// That of an option, as in `--hue layer`.
  ///
  /// - Throws: ``SpecificationError`` of kind `unknownKey`, with the nearest name.
  public static func named(_ name: String, of option: String) throws(SpecificationError) -> FigureAxis {
    try named(name, at: .commandLine(override: "\(option) \(name)"))
  }
}
