import Foundation

/// A lock with a condition whose time limits are lengths of time: setting the clock of the machine, forward or back,
/// neither cuts a wait short nor makes it last.
public final class MonotonicCondition: @unchecked Sendable {
  // Both have to stay where they are.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  public init() {
    mutex.initialize(to: pthread_mutex_t())
    condition.initialize(to: pthread_cond_t())
    pthread_mutex_init(mutex, nil)
    #if os(Linux)
      var attributes = pthread_condattr_t()
      pthread_condattr_init(&attributes)
      pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
      pthread_cond_init(condition, &attributes)
      pthread_condattr_destroy(&attributes)
    #else
      pthread_cond_init(condition, nil)
    #endif
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  /// Runs a body while no other thread runs one.
  public func withLock<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body()
  }

  /// Waits for a broadcast; inside ``withLock(_:)``, which others may enter meanwhile.
  public func wait() { pthread_cond_wait(condition, mutex) }

  /// Waits for a broadcast until a moment; inside ``withLock(_:)``.
  ///
  /// - Returns: false where the moment has come.
  public func wait(until moment: ContinuousClock.Instant) -> Bool {
    let left = (moment - .now) / .seconds(1)
    guard left > 0 else { return false }
    // No wait is longer than a day, whatever it is asked for.
    let seconds = min(left, 86_400)
    var length = timespec(
      tv_sec: Int(seconds), tv_nsec: Int((seconds - seconds.rounded(.down)) * 1e9))
    #if os(Linux)
      var now = timespec()
      clock_gettime(CLOCK_MONOTONIC, &now)
      length.tv_sec += now.tv_sec
      length.tv_nsec += now.tv_nsec
      if length.tv_nsec >= 1_000_000_000 {
        length.tv_sec += 1
        length.tv_nsec -= 1_000_000_000
      }
      return pthread_cond_timedwait(condition, mutex, &length) == 0
    #else
      return pthread_cond_timedwait_relative_np(condition, mutex, &length) == 0
    #endif
  }

  /// Wakes all that wait.
  public func broadcast() { pthread_cond_broadcast(condition) }
}
