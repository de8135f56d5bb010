/// Random numbers that every run of the tests repeats: SplitMix64 (Steele, Lea & Flood 2014).
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension SeededGenerator {
  /// A whole number in a range.
  public mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  /// One of some values.
  ///
  /// - Precondition: there is one.
  public mutating func one<Values: RandomAccessCollection>(of values: Values) -> Values.Element
  where Values.Index == Int {
    values[Int.random(in: values.startIndex..<values.endIndex, using: &self)]
  }

  /// True in one of `count` cases.
  public mutating func chance(oneIn count: Int) -> Bool { number(1...count) == 1 }
}
