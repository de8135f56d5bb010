/// What a pass of one layer reads.
@usableFromInline
enum LayerInputs<Element> {
  /// x [rows, I].
  case rows([Element])
  /// The columns of the ones of one-hot rows [rows].
  case tokens([Int32])
  /// x [rows, I], memory that stays as it is until the next run.
  case below(UnsafePointer<Element>)

  /// As a pass keeps them.
  @usableFromInline
  var parts: (rows: [Element], below: UnsafePointer<Element>?, tokens: [Int32]?) {
    switch self {
    case .rows(let values): (values, nil, nil)
    case .tokens(let columns): ([], nil, columns)
    case .below(let states): ([], states, nil)
    }
  }
}

/// The rows of x while they are borrowed.
@usableFromInline
struct InputRows<Element> {
  /// x [rows, I]; of tokens that were not written out nothing to read.
  @usableFromInline let rows: UnsafePointer<Element>
  /// The columns of the ones, where the rows are one-hot [rows].
  @usableFromInline let tokens: UnsafePointer<Int32>?

  @inlinable
  init(rows: UnsafePointer<Element>, tokens: UnsafePointer<Int32>?) {
    self.rows = rows
    self.tokens = tokens
  }
}
