/// Something that a text says of each of its characters by itself: whether it is inside quotes, how far it is
/// into its line. A unit of a character-level network may keep such a thing.
///
/// The value at character t follows from the characters up to and including t, as what a causal network can
/// know after it has read t. Only a feature that ``looksAhead`` uses later ones: it is about what the network
/// predicts.
///
/// - Note: Source: Karpathy, Johnson & Fei-Fei, "Visualizing and understanding recurrent networks", arXiv
///   1506.02078 (2015), section 4.2.
public protocol TextFeature: Sendable {
  /// The name in tables, such as `inside_quotes`; each feature of a list has its own.
  var name: String { get }
  /// What the value is, in one line.
  var summary: String { get }
  /// Whether the values are yes and no, or numbers.
  var kind: TextFeatureKind { get }
  /// Whether the value at t uses characters after t.
  var looksAhead: Bool { get }

  /// One value for each scalar of the text: 0 or 1, or a number ≥ 0.
  ///
  /// - Complexity: O(n).
  func values(of text: [Unicode.Scalar]) -> [Float]
}

/// What the values of a feature are.
public enum TextFeatureKind: String, Sendable, CaseIterable {
  /// 1 where it holds, 0 elsewhere.
  case yesNo
  /// A count.
  case number
}

/// A feature that reads a text once, from its start, and so cannot use a later character.
///
/// The value itself is the reader: as it is made it has read nothing, and a copy of it reads the text.
public protocol CausalFeature: TextFeature {
  /// `Bool` of a feature that is yes or no, `Int` of a number.
  associatedtype Value: TextFeatureValue

  /// The value after one more character.
  mutating func read(_ scalar: Unicode.Scalar) -> Value
}

extension CausalFeature {
  public var kind: TextFeatureKind { Value.kind }
  public var looksAhead: Bool { false }

  public func values(of text: [Unicode.Scalar]) -> [Float] {
    var reader = self
    return text.map { reader.read($0).number }
  }
}

/// What a causal feature has after each character.
public protocol TextFeatureValue {
  static var kind: TextFeatureKind { get }
  /// As a number; 0 and 1 for no and yes.
  var number: Float { get }
}

extension Bool: TextFeatureValue {
  public static var kind: TextFeatureKind { .yesNo }
  public var number: Float { self ? 1 : 0 }
}

extension Int: TextFeatureValue {
  public static var kind: TextFeatureKind { .number }
  public var number: Float { Float(self) }
}
