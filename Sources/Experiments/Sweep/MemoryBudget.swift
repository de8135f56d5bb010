/// How a sweep's memory is divided.
struct MemoryBudget: Sendable, Equatable {
  /// Of the whole process, in bytes.
  let limit: Double

  /// - Parameter limit: nil: nine tenths of what is available.
  init(limit: ByteCount?) { self.limit = limit?.bytes ?? 0.9 * MachineLimits.availableMemory }

  /// The program itself, its libraries and threads.
  static let program = 96e6

  /// What trials share.
  var caches: Int { Int(min(Double(TrialRunner.fullCacheCapacity), limit / 4)) }

  /// Results that wait for the disk: few, since what waits is lost with the process.
  var unsaved: Int { Int(min(8e6, limit / 16)) }

  /// The trials that run at once.
  var trials: Double { limit - Self.program - Double(caches) - Double(unsaved) }
}
