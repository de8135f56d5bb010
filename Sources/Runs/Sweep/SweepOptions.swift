import Foundation
import Machine
import TextFiles

/// How a sweep runs; no option changes a result.
public struct SweepOptions: Sendable, Equatable {
  /// Trials at a time, at least 1.
  public var jobs: Int
  /// The part to run; nil: all of it.
  public var shard: Shard?
  public var order = ExecutionOrder.shuffled
  /// Whether trials that failed before are run again.
  public var retriesFailed = false
  /// Whether the first failed trial ends the sweep.
  public var failsFast = false
  /// Memory of the whole process; nil: nine tenths of what is available. Fewer trials than ``jobs`` run at a time
  /// where more would not fit.
  public var memoryLimit: ByteCount?

  public init(jobs: Int = ProcessInfo.processInfo.activeProcessorCount) { self.jobs = jobs }
}

/// In which order trials are run.
public enum ExecutionOrder: String, Sendable, CaseIterable {
  /// In an order shuffled by the root seed, so that a picture of an unfinished run already shows the whole grid.
  case shuffled
  /// In the order of the grid.
  case grid
}
