/// Whether one of the next k characters is a line feed. It looks ahead: it is about what a network predicts.
///
///     abcdef⏎gh
///     .#####...    k = 5
public struct LineEndNear: TextFeature {
  /// How many characters it looks ahead, k ≥ 1.
  public let distance: Int

  public init(within distance: Int = 5) {
    precondition(distance >= 1, "a feature cannot look \(distance) characters ahead")
    self.distance = distance
  }

  public var name: String { "line_end_near" }
  public var summary: String {
    "a line feed is among the next \(distance) characters: looks ahead, so it is about prediction"
  }
  public var kind: TextFeatureKind { .yesNo }
  public var looksAhead: Bool { true }

  public func values(of text: [Unicode.Scalar]) -> [Float] {
    var values = [Float](repeating: 0, count: text.count)
    // The first line feed after the character.
    var next = Int.max
    for t in text.indices.reversed() {
      if next != .max, next - t <= distance { values[t] = 1 }
      if text[t] == "\n" { next = t }
    }
    return values
  }
}
