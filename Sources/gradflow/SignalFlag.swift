import Synchronization

/// The signal that ended a sweep; 0 before one came.
final class SignalFlag: Sendable {
  private let number = Atomic<Int32>(0)

  func set(_ signal: Int32) { number.store(signal, ordering: .sequentiallyConsistent) }
  var signal: Int32 { number.load(ordering: .sequentiallyConsistent) }
}
