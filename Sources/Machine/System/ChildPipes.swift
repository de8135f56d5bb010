import Foundation
import ModelFiles

/// The pipes to a child: nothing to read on its standard input, and what it writes. Closed with the last reference.
final class ChildPipes {
  private let output, errors: OpenFile
  /// The child's ends, by the descriptors that they become there; closed once it has them, so that reading sees their
  /// end with the child's.
  var childEnds: [Int32: OpenFile]

  init() throws(ChildProcess.Failure) {
    do throws(SystemFailure) {
      // An empty pipe rather than /dev/null, which need not be there.
      let (input, outputs, errors) = (try Self.pipe(), try Self.pipe(), try Self.pipe())
      (output, self.errors) = (outputs.reading, errors.reading)
      childEnds = [
        STDIN_FILENO: input.reading, STDOUT_FILENO: outputs.writing, STDERR_FILENO: errors.writing,
      ]
    } catch {
      throw .notStarted(problem: error.problem)
    }
  }

  private static func pipe() throws(SystemFailure) -> (reading: OpenFile, writing: OpenFile) {
    var ends: [Int32] = [-1, -1]
    guard Foundation.pipe(&ends) == 0 else { throw .last }
    defer { for end in ends { close(end) } }
    return (try OpenFile(copying: ends[0]), try OpenFile(copying: ends[1]))
  }

  /// Reads what the child writes until it closes both outputs or ends: what it has started itself may hold them open for
  /// longer.
  func read(
    _ process: StartedProcess, until deadline: ContinuousClock.Instant, limit: Int,
    _ output: inout [UInt8], _ messages: inout [UInt8]
  ) throws(ChildProcess.Failure) {
    var hasEnded = false
    var polled = [
      pollfd(fd: self.output.descriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: errors.descriptor, events: Int16(POLLIN), revents: 0),
    ]
    while polled.contains(where: { $0.fd >= 0 }) {
      let count = poll(&polled, nfds_t(polled.count), hasEnded ? 0 : 50)
      if count < 0, errno != EINTR { throw .notStarted(problem: SystemFailure.last.problem) }
      if count > 0 {
        if polled[0].revents != 0, !(try Self.take(polled[0].fd, limit, &output)) { polled[0].fd = -1 }
        if polled[1].revents != 0, !(try Self.take(polled[1].fd, limit, &messages)) { polled[1].fd = -1 }
      } else if count == 0 {
        if hasEnded { break }
        hasEnded = process.checkEnd()
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
