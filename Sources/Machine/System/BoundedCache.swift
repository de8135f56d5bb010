import Foundation

/// What the trials of a sweep share, by what it depends on; shared by the jobs. Emptied when it outgrows its capacity;
/// a value larger than that is made each time and never kept.
package final class BoundedCache<Key: Hashable & Sendable, Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var entries: [Key: Value] = [:]
  private var bytes = 0
  private let capacity: Int

  /// - Parameter capacity: bytes to keep.
  package init(capacity: Int) { self.capacity = capacity }

  /// The value of a key, made if it is not there: two jobs may make the same one at once, which does no harm.
  ///
  /// - Parameter size: of a value in bytes.
  package func value<Failure: Error>(
    _ key: Key, size: (Value) -> Int, make: () throws(Failure) -> Value
  ) throws(Failure) -> Value {
    if let known = lock.withLock({ entries[key] }) { return known }
    let value = try make()
    // An entry takes some bytes beside its value.
    let added = size(value) + 256
    if added > capacity { return value }
    lock.withLock {
      if bytes + added > capacity {
        entries.removeAll()
        bytes = 0
      }
      if entries.updateValue(value, forKey: key) == nil { bytes += added }
    }
    return value
  }
}
