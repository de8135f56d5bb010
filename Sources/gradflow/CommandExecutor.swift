import Experiments
import Foundation

/// Runs the command's tasks on the thread that waits for them, and on more threads, as many as there are cores, where
/// there is work for them and the system gives them. With no thread at all but its own a command comes to its end.
final class CommandExecutor: TaskExecutor, @unchecked Sendable {
  private let condition = MonotonicCondition()
  private let most = ProcessInfo.processInfo.activeProcessorCount

  /// Guarded by the condition.
  private var jobs: [UnownedJob] = []
  private var threads = 1
  private var busy = 0
  private var hasEnded = false

  /// Runs a command to its end.
  func run(_ body: @escaping @Sendable () async -> Void) {
    Task(executorPreference: self) { [self] in
      await body()
      end()
    }
    work()
  }

  private func end() {
    condition.withLock {
      hasEnded = true
      condition.broadcast()
    }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    let needsHelp = condition.withLock {
      jobs.append(job)
      condition.broadcast()
      guard jobs.count > threads - busy, threads < most else { return false }
      threads += 1
      return true
    }
    if needsHelp, !SystemThread.start({ [self] in work() }) { condition.withLock { threads -= 1 } }
  }

  /// Takes one piece of work after another until the command has ended.
  private func work() {
    while let job = next() {
      job.runSynchronously(on: asUnownedTaskExecutor())
      condition.withLock { busy -= 1 }
    }
  }

  private func next() -> UnownedJob? {
    condition.withLock {
      while !hasEnded {
        if !jobs.isEmpty {
          busy += 1
          return jobs.removeFirst()
        }
        condition.wait()
      }
      return nil
    }
  }
}
