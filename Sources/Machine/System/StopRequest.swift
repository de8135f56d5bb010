import Synchronization

/// The wish to end a sweep, as all its threads see it.
package final class StopRequest: Sendable {
  private let isRequested = Atomic<Bool>(false)

  package init() {}

  package var isMade: Bool { isRequested.load(ordering: .relaxed) }

  package func make() { isRequested.store(true, ordering: .relaxed) }
}
