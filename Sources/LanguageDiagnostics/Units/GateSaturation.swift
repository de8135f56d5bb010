/// How much of the time each gate is nearly shut and nearly open: accumulates the share of its values below
/// 0.1 (saturated left) and above 0.9 (saturated right).
///
/// An LSTM's forget gate that is open most of the time keeps the state for long; one that is shut most of the
/// time makes its unit work as in a network without memory.
///
/// - Complexity: O(n·U); 2·U numbers of memory.
/// - Note: Source: Karpathy, Johnson & Fei-Fei, arXiv 1506.02078 (2015), section 4.2.
public struct GateSaturation: Sendable {
  /// The bounds, exclusive.
  public static let low: Float = 0.1, high: Float = 0.9

  /// U, the gate units.
  public let units: Int
  /// Rows that have been added.
  public private(set) var count = 0
  // Half as wide as other counts, which doubles the speed: 4·10⁹ rows.
  private var lowCounts: [UInt32]
  private var highCounts: [UInt32]

  /// - Parameter units: U ≥ 1.
  public init(units: Int) {
    precondition(units >= 1, "no gates")
    self.units = units
    lowCounts = Array(repeating: 0, count: units)
    highCounts = lowCounts
  }

  /// Adds values of the gates [rows, U], each in (0, 1), rounded perhaps to an end.
  ///
  /// - Throws: for a value outside [0, 1]; none of the rows has been added then.
  public mutating func add(_ chunk: UnsafeBufferPointer<Float>) throws(UnitSeriesError) {
    precondition(chunk.count % units == 0, "\(chunk.count) values are no whole rows of \(units)")
    // In one pass without a branch; where it fails is found after.
    var outside: UInt32 = 0
    for value in chunk { outside |= value >= 0 && value <= 1 ? 0 : 1 }
    if outside != 0, let bad = chunk.firstIndex(where: { !(0...1 ~= $0) }) {
      throw .notAGate(value: chunk[bad], unit: bad % units, position: count + bad / units)
    }
    guard let first = chunk.baseAddress else { return }
    let rows = chunk.count / units
    let units = units
    lowCounts.withUnsafeMutableBufferPointer { low in
      highCounts.withUnsafeMutableBufferPointer { high in
        for r in 0..<rows {
          let row = first + r * units
          for u in 0..<units {
            low[u] &+= row[u] < Self.low ? 1 : 0
            high[u] &+= row[u] > Self.high ? 1 : 0
          }
        }
      }
    }
    count += rows
  }

  /// Adds the rows of an array.
  public mutating func add(_ chunk: [Float]) throws(UnitSeriesError) {
    try chunk.withUnsafeBufferPointer { (rows) throws(UnitSeriesError) in try add(rows) }
  }

  /// The share of the time below 0.1, of each unit; NaN before there are any rows.
  public var lowShares: [Double] { lowCounts.map { Double($0) / Double(count) } }
  /// The share of the time above 0.9, of each unit; NaN before there are any rows.
  public var highShares: [Double] { highCounts.map { Double($0) / Double(count) } }
}
