import ModelFiles
import TextFiles

extension Axis {
  /// The axis that a user calls so: by its key, an alias, or the name in CSVs.
  ///
  /// - Parameter others: names of no axes that are also understood, for messages.
  /// - Throws: ``SpecificationError`` of kind `unknownKey`, with the nearest name.
  package static func named(
    _ name: String, at place: SpecificationError.Place, besides others: [String] = []
  ) throws(SpecificationError) -> Axis {
    if let axis = all.first(where: { $0.names.contains(name) }) { return axis }
    throw SpecificationError(
      .unknownKey, at: place, key: name, "\(Excerpt.quoted(name)) is no axis",
      allowed: (all.map(\.key.rawValue) + others).joined(separator: ", "),
      suggestion: NearestName.of(name, among: all.flatMap { [$0.key.rawValue] + $0.key.aliases } + others))
  }

  private var names: [String] {
    [key.rawValue, name, column] + key.aliases + [headingNames?.name].compactMap { $0 }
  }

  /// The shortest name it has.
  public var shortName: String {
    key.aliases.reduce(key.rawValue) { $1.count < $0.count ? $1 : $0 }
  }
}
