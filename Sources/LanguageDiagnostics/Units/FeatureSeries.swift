import Language

/// A quantity that is known at every place of a text: one value for each character.
public struct FeatureSeries: Sendable {
  /// The name in tables; each series of a list has its own.
  public let name: String
  /// One finite value for each character.
  public let values: [Float]

  public init(name: String, values: [Float]) {
    self.name = name
    self.values = values
  }

  /// A feature of a text.
  ///
  /// - Complexity: O(n).
  public init(_ feature: any TextFeature, of text: [Unicode.Scalar]) {
    self.init(name: feature.name, values: feature.values(of: text))
  }
}
