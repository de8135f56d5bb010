import Foundation

/// Descriptors 0, 1 and 2 as the program was started with.
enum StandardStreams {
  /// Keeps the numbers of streams that were closed (`>&-`) from being given to files of a run, which would then hold
  /// what is printed. Writing to such a stream fails as if it were closed.
  static func reserve() {
    for number in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] {
      guard fcntl(number, F_GETFD) < 0, errno == EBADF else { continue }
      let descriptor = open("/dev/null", number == STDIN_FILENO ? O_WRONLY : O_RDONLY)
      if descriptor >= 0, descriptor != number {
        dup2(descriptor, number)
        close(descriptor)
      }
    }
  }
}
