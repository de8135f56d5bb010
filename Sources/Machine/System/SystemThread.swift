import Foundation

/// Threads that are asked for one by one, so that a system that gives no more of them (`ulimit -u`, the pids limit of a
/// container) is noticed: the pools of Dispatch and of Swift's tasks wait for theirs for ever.
public enum SystemThread {
  /// Bytes of stack, whatever `ulimit -s` says: address space, which costs no memory until it is used.
  public static let usualStack = 8 << 20
  /// Where address space is scarce.
  private static let smallStack = 1 << 20

  /// Runs a body on a new thread, which ends with it.
  ///
  /// - Returns: false where the system gives no thread; the body is then not run.
  public static func start(_ body: @escaping @Sendable () -> Void) -> Bool {
    start(stack: usualStack, body) || start(stack: smallStack, body)
  }

  private final class Body: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private static func start(stack: Int, _ body: @escaping @Sendable () -> Void) -> Bool {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return false }
    defer { pthread_attr_destroy(&attributes) }
    guard pthread_attr_setstacksize(&attributes, stack) == 0,
      pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED)) == 0
    else { return false }
    let kept = Unmanaged.passRetained(Body(body))
    #if os(Linux)
      var thread = pthread_t()
    #else
      var thread: pthread_t?
    #endif
    let code = pthread_create(
      &thread, &attributes,
      { argument in
        let pointer: UnsafeMutableRawPointer? = argument
        if let pointer { Unmanaged<Body>.fromOpaque(pointer).takeRetainedValue().run() }
        return nil
      }, kept.toOpaque())
    if code != 0 { kept.release() }
    return code == 0
  }
}
