import LinearAlgebra

/// Accumulates how the values of units go along with features of the text that the network reads.
///
///     r = (n Σ xφ − Σx Σφ) / √((n Σx² − (Σx)²) (n Σφ² − (Σφ)²))
///
/// for each unit x, each feature φ, and φ moved by each of S circular shifts. What r² is for the shifts shows
/// what chance gives: ``AssociationTable`` says how.
///
/// The rows of all units come in chunks of any length, one row for each character of the text. In time order, how they are
/// cut makes no difference to any bit; chunks of several readers come in any order. Products are taken in single precision over pieces of 512 rows, less
/// the mean of each unit, and added up in double precision: r² is right to 1e-6.
///
/// - Complexity: 2·n·U·F·(S + 1) operations, nearly all in matrix products; 4·F·n + F·(S + 1)·(12·U + 2,048)
///   + 2,048·U bytes. A million characters, 512 units, 25 features and 19 shifts take about 8 seconds on one
///   processor.
public struct UnitAssociations: ~Copyable {
  /// U.
  public let units: Int
  /// The shifts, ascending.
  public let shifts: [Int]
  /// n, the characters of the text.
  public var length: Int { features.length }
  /// Rows that have been added.
  public var count: Int { pieces.count }

  private let features: StandardisedFeatures
  private var pieces: RowPieces
  private var sums: AssociationSums

  /// - Parameters:
  ///   - units: U ≥ 1.
  ///   - length: n; there are to be as many rows.
  ///   - series: what the units are compared with, n values each. A lazy list is taken one by one. Constant
  ///     ones are left out.
  ///   - shiftCount: S; 19 are for a level of 1/20.
  ///   - seed: of the shifts.
  /// - Throws: for a text of fewer than 4·(S + 1) characters, and for a feature that is not finite.
  public init(
    units: Int, length: Int, features series: some Collection<FeatureSeries>, shiftCount: Int = 19,
    seed: UInt64 = 0
  ) throws(UnitSeriesError) {
    let needed = 4 * (shiftCount + 1)
    guard length >= needed else { throw .textTooShort(characters: length, needed: needed) }
    let features = try StandardisedFeatures(series, length: length)
    self.units = units
    shifts = CircularShifts.drawn(count: shiftCount, length: length, seed: seed)
    pieces = RowPieces(units: units)
    sums = AssociationSums(
      columns: features.names.count * (shiftCount + 1), units: units, pieceRows: pieces.pieceRows)
    self.features = features
  }

  /// Adds consecutive rows [rows, U].
  ///
  /// - Parameter position: the place of the first row in the text.
  /// - Throws: for a value that is no number; none of the rows has been added then.
  public mutating func add(
    _ chunk: UnsafeBufferPointer<Float>, at position: Int
  ) throws(UnitSeriesError) {
    precondition(
      position >= 0 && position + chunk.count / units <= length && count + chunk.count / units <= length,
      "more rows than characters")
    var rows = try pieces.checked(chunk)
    if position != pieces.position, let open = pieces.moved(to: position) {
      sums.add(open, features, shifts)
    }
    while let piece = pieces.next(&rows) { sums.add(piece, features, shifts) }
  }

  /// Adds consecutive rows of an array.
  public mutating func add(_ chunk: [Float], at position: Int) throws(UnitSeriesError) {
    try chunk.withUnsafeBufferPointer { (rows) throws(UnitSeriesError) in try add(rows, at: position) }
  }

  /// The associations, and what chance gives; ends the series.
  ///
  /// - Precondition: every character has its row.
  public mutating func table() -> AssociationTable {
    precondition(count == length, "\(count) rows of \(length) characters")
    if let piece = pieces.rest() { sums.add(piece, features, shifts) }
    return AssociationTable(
      features: features.names, constantFeatures: features.constantNames, length: length, shifts: shifts,
      units: units, correlations: sums.correlations(features, count: length))
  }
}
