import LinearAlgebra

/// What a network reads, row by row as ``SequenceShape`` packs them.
public enum SequenceInputs<Element: Scalar>: Sendable, Equatable {
  /// x [rows, I].
  case dense([Element])
  /// Token ids [rows], each in 0..<count: through an embedding, or as one-hot rows.
  case tokens([Int], count: Int)

  /// Numbers of a row that a layer without embedding reads: `count` for tokens.
  public func width(rows: Int) -> Int {
    switch self {
    case .dense(let values): return values.count / max(1, rows)
    case .tokens(_, let count): return count
    }
  }

  /// x [rows, I]; one-hot rows of tokens.
  public var dense: [Element] {
    switch self {
    case .dense(let values): return values
    case .tokens(let ids, let count): return oneHotRows(ids, width: count)
    }
  }

  /// As a layer without embedding reads them.
  @usableFromInline
  var layerInputs: LayerInputs<Element> {
    switch self {
    case .dense(let values): return .rows(values)
    case .tokens(let ids, _): return .tokens(ids.map { Int32($0) })
    }
  }

  /// Rows of a range.
  ///
  /// - Parameter rows: how many there are in all.
  public func slice(_ range: Range<Int>, of rows: Int) -> SequenceInputs {
    switch self {
    case .dense(let values):
      let width = values.count / max(1, rows)
      return .dense(Array(values[range.lowerBound * width..<range.upperBound * width]))
    case .tokens(let ids, let count): return .tokens(Array(ids[range]), count: count)
    }
  }
}
