/// What follows one context h in the training range: counts of tokens w.
///
///     c(hw)       how often w follows h
///     N₁₊(•hw)    how many different tokens stand before hw (its continuation count)
///
/// The start of the training range is one such token: an n-gram that occurs has a continuation count of at
/// least 1.
///
/// A table by token, and a list of its entries in use: clearing it costs what filling it did.
struct ContextCounts: ~Copyable {
  struct Entry {
    /// c(hw).
    var occurrences: Int32 = 0
    /// N₁₊(•hw).
    var continuations: Int32 = 0
    /// The number of the last context vh, longer by one token, after which w was counted; 0 for none.
    var lastLonger: Int32 = 0
  }

  private let entries: UnsafeMutablePointer<Entry>
  private let used: UnsafeMutablePointer<Int32>
  private var usedCount = 0

  init(vocabulary: Int) {
    entries = .allocate(capacity: vocabulary)
    entries.initialize(repeating: Entry(), count: vocabulary)
    used = .allocate(capacity: vocabulary)
  }

  deinit {
    entries.deallocate()
    used.deallocate()
  }

  /// The entry of a token; zeros if it does not follow the context.
  @inline(__always)
  subscript(token: Int32) -> Entry { entries[Int(token)] }

  /// Counts what follows a context of k tokens, in place of what was counted before.
  ///
  /// - Parameters:
  ///   - run: the context's places in the order of contexts.
  ///   - length: k.
  @inline(__always)
  mutating func count(_ run: Range<Int>, length: Int, in order: borrowing ContextOrder.Buffers) {
    for n in 0..<usedCount { entries[Int(used[n])] = Entry() }
    usedCount = 0
    var longer: Int32 = 1
    for j in run {
      // The first place shares nothing with the one before, which is after another context.
      if Int(order.common[j]) <= length { longer &+= 1 }
      if Int(order.reach[j]) <= length { continue }
      let entry = entries + Int(order.following[j])
      if entry.pointee.occurrences == 0 {
        used[usedCount] = order.following[j]
        usedCount &+= 1
      }
      entry.pointee.occurrences &+= 1
      if entry.pointee.lastLonger != longer {
        entry.pointee.lastLonger = longer
        entry.pointee.continuations &+= 1
      }
    }
  }

  /// Calls a function with the entry of every token that follows the context.
  @inline(__always)
  func forEach(_ body: (Entry) -> Void) {
    for n in 0..<usedCount { body(entries[Int(used[n])]) }
  }
}
