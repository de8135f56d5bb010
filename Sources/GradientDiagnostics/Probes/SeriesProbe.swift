import LinearAlgebra
import RecurrentCells

/// Numbers by step that a ``SeriesProbe`` records: a column of `timesteps.csv`.
public struct StepSeries: Sendable, Hashable {
  /// In the header; no other column has it.
  public let name: String
  /// What it means, with its unit.
  public let summary: String

  public init(_ name: String, _ summary: String) {
    self.name = name
    self.summary = summary
  }
}

/// A probe that says itself what it records at each step. Those of ``AddedProbes`` run in every diagnosis.
///
/// It allocates when it is made and never in a step. Calls from the time loop are `@inlinable`, and what can be done for
/// all steps at once, as taking logarithms, belongs in `finish()`.
public protocol SeriesProbe<Element>: BackwardProbe, ~Copyable {
  /// What it records, whichever the cell.
  static var series: [StepSeries] { get }
  /// A probe of one pass of a cell.
  init<Cell: RecurrentCell>(shape: SequenceShape, cell: Cell.Type) where Cell.Element == Element
  /// What it recorded, a list for each of ``series``, after the pass: T + 1 numbers for t = 0…T, or T for t = 1…T.
  /// nil where the cell has nothing of the kind; NaN where a number does not exist.
  var values: [[Double]?] { get }
}

extension SeriesProbe where Self: ~Copyable {
  /// ``values`` by their series.
  @usableFromInline
  package var recorded: [StepSeries: [Double]] {
    let (series, values) = (Self.series, values)
    precondition(values.count == series.count, "\(values.count) lists for \(series.count) series")
    let entries = zip(series, values).compactMap { series, values in values.map { (series, $0) } }
    return Dictionary(uniqueKeysWithValues: entries)
  }
}

extension NoProbe: SeriesProbe {
  public static var series: [StepSeries] { [] }

  @inlinable
  public init<Cell: RecurrentCell>(shape: SequenceShape, cell: Cell.Type) where Cell.Element == Element {
    self.init()
  }

  public var values: [[Double]?] { [] }
}

/// The series of the first probe, then those of the second.
extension ProbePair: SeriesProbe where First: SeriesProbe & ~Copyable, Second: SeriesProbe & ~Copyable {
  public static var series: [StepSeries] { First.series + Second.series }

  @inlinable
  public init<Cell: RecurrentCell>(shape: SequenceShape, cell: Cell.Type) where Cell.Element == Element {
    self.init(First(shape: shape, cell: cell), Second(shape: shape, cell: cell))
  }

  public var values: [[Double]?] { first.values + second.values }
}
