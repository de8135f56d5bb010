import Machine
import Specification
import Trials

/// How a sweep's memory is divided.
struct MemoryBudget: Sendable, Equatable {
  /// Of the whole process, in bytes.
  package let limit: Double
  /// The grid, held as long as the sweep lasts, and the file of a task.
  package let fixed: Double
  /// What trials share.
  let caches: Int

  /// - Parameters:
  ///   - limit: nil: nine tenths of what is available.
  ///   - trials: how many there are.
  package init(limit: ByteCount?, for specification: SweepSpecification, trials: Int) {
    let limit = limit?.bytes ?? 0.9 * MachineLimits.availableMemory
    self.limit = limit
    fixed = Double(trials) * Self.bytesOfTrial + specification.taskBytes
    caches = Int(min(Self.wantedCaches(specification), limit / 4))
  }

  /// The program itself, its libraries and threads.
  package static let program = 96e6
  /// A trial's parameters in the grid and in the order of execution, what theory says of it, and whether it is stored.
  private static let bytesOfTrial = 2200.0

  /// Room for all that trials share, with some to spare for a rough estimate, or the most that is kept.
  static func wantedCaches(_ specification: SweepSpecification) -> Double {
    min(Double(TrialRunner.fullCacheCapacity), 8e6 + 1.25 * specification.sharedBytes)
  }

  /// Results that wait for the disk: few, since what waits is lost with the process.
  var unsaved: Int { Int(min(8e6, limit / 16)) }

  /// The trials that run at once.
  package var trials: Double { limit - Self.program - fixed - Double(caches) - Double(unsaved) }

  /// A limit under which a trial of that size runs.
  package func limit(forTrialOf bytes: Double, _ specification: SweepSpecification) -> Double {
    Self.program + fixed + Self.wantedCaches(specification) + 8e6 + bytes
  }
}
