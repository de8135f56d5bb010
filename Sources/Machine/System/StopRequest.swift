import Synchronization

/// The wish to end a sweep, as all its threads see it.
final class StopRequest: Sendable {
  private let isRequested = Atomic<Bool>(false)

  var isMade: Bool { isRequested.load(ordering: .relaxed) }

  func make() { isRequested.store(true, ordering: .relaxed) }
}
