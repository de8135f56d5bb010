/// Stretches of a text, evenly spaced from its start to its end: a part of it that has what the whole has.
struct TextStretches {
  /// Characters of a stretch.
  static let length = 4096

  /// Where they are, in order.
  let ranges: [Range<Int>]

  /// - Parameters:
  ///   - count: characters of the text.
  ///   - limit: characters of all stretches; a text that is no longer is one stretch.
  init(of count: Int, limit: Int) {
    let stretches = max(1, limit / Self.length)
    guard count > limit, stretches > 1 else {
      ranges = [0..<min(count, limit)]
      return
    }
    let length = limit / stretches
    ranges = (0..<stretches).map { k in
      let first = k * (count - length) / (stretches - 1)
      return first..<first + length
    }
  }

  /// What a series has there, one stretch after the other.
  func values<Value>(_ series: [Value]) -> [Value] { ranges.flatMap { series[$0] } }
}
