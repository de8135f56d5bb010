import Foundation

/// The pipes to a child: nothing to read on its standard input, and what it writes. Closed with the last reference.
final class ChildPipes {
  private var input: Int32 = -1
  private var outputs = (reading: Int32(-1), writing: Int32(-1))
  private var errors = (reading: Int32(-1), writing: Int32(-1))

  package init() throws(ChildProcess.Failure) {
    // An empty pipe rather than /dev/null, which need not be there.
    let empty = try Self.pipe()
    input = empty.reading
    close(empty.writing)
    outputs = try Self.pipe()
    errors = try Self.pipe()
  }

  deinit {
    for descriptor in [input, outputs.reading, outputs.writing, errors.reading, errors.writing]
    where descriptor >= 0 { close(descriptor) }
  }

  private static func pipe() throws(ChildProcess.Failure) -> (reading: Int32, writing: Int32) {
    var ends: [Int32] = [-1, -1]
    guard Foundation.pipe(&ends) == 0 else { throw .notStarted(problem: String(cString: strerror(errno))) }
    // Above the standard streams, which this program may have been started without; no other child gets them.
    for k in ends.indices {
      let end = fcntl(ends[k], F_DUPFD_CLOEXEC, STDERR_FILENO + 1)
      let problem = errno
      close(ends[k])
      ends[k] = end
      guard end < 0 else { continue }
      for open in ends where open >= 0 { close(open) }
      throw .notStarted(problem: String(cString: strerror(problem)))
    }
    return (ends[0], ends[1])
  }

  /// Which descriptor of the child each end becomes.
  var childEnds: [(end: Int32, descriptor: Int32)] {
    [(input, STDIN_FILENO), (outputs.writing, STDOUT_FILENO), (errors.writing, STDERR_FILENO)]
  }

  /// The child has its ends, and reading must see their end with the child's.
  func closeChildEnds() {
    for descriptor in [input, outputs.writing, errors.writing] { close(descriptor) }
    (input, outputs.writing, errors.writing) = (-1, -1, -1)
  }

  /// Reads what the child writes until it closes both outputs or ends: what it has started itself may hold them open for
  /// longer.
  package func read(
    _ process: StartedProcess, until deadline: ContinuousClock.Instant, limit: Int,
    _ output: inout [UInt8], _ messages: inout [UInt8]
  ) throws(ChildProcess.Failure) {
    var hasEnded = false
    var polled = [
      pollfd(fd: outputs.reading, events: Int16(POLLIN), revents: 0),
      pollfd(fd: errors.reading, events: Int16(POLLIN), revents: 0),
    ]
    while polled.contains(where: { $0.fd >= 0 }) {
      let count = poll(&polled, nfds_t(polled.count), hasEnded ? 0 : 50)
      if count < 0, errno != EINTR { throw .notStarted(problem: String(cString: strerror(errno))) }
      if count > 0 {
        if polled[0].revents != 0, !(try Self.take(polled[0].fd, limit, &output)) { polled[0].fd = -1 }
        if polled[1].revents != 0, !(try Self.take(polled[1].fd, limit, &messages)) { polled[1].fd = -1 }
      } else if count == 0 {
        if hasEnded { break }
        hasEnded = process.ended() != nil
      }
      if !hasEnded, ContinuousClock.now > deadline { throw .tooSlow(seconds: 0) }
    }
  }

  /// Takes what is there.
  ///
  /// - Returns: false at the end.
  private static func take(
    _ descriptor: Int32, _ limit: Int, _ bytes: inout [UInt8]
  ) throws(ChildProcess.Failure) -> Bool {
    var result = 0
    bytes += [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
      result = Foundation.read(descriptor, buffer.baseAddress, 1 << 16)
      count = max(0, result)
    }
    if bytes.count > limit { throw .tooMuchOutput(bytes: limit) }
    return result > 0 || (result < 0 && errno == EINTR)
  }
}
