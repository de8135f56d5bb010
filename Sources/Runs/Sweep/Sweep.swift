import Foundation
import GradientFlow
import Machine
import Specification
import TextFiles
import Trials

/// A prepared sweep: what to run, and where to write it. Only one process writes to a run at a time; the right to
/// do so is held as long as the sweep lives.
public final class Sweep: Sendable {
  public let run: Run
  /// Trials to be run, in the order of execution.
  public let pending: [TrialParameters]
  /// Values added to an existing run's axes; empty for a new or unchanged one.
  public let added: [String]
  private let limits: SweepLimits
  private let options: SweepOptions
  private let runner: TrialRunner
  private let queue: TrialQueue
  private let lock: RunLock
  private let counts: RunProgress
  private let stopRequest: StopRequest
  private let endReached = StopRequest()
  private let files: TrainingFiles
  /// Progress of training runs.
  public let monitor = TrainingMonitor()

  /// Opens a new or existing run, or a shard of one.
  ///
  /// - Parameter path: the directory of the whole run, also for a shard.
  /// - Throws: ``RunError`` when the directory holds a run of another specification, is being written by another
  ///   process, cannot be written, or the trials would not fit into memory or on the disk.
  public init(
    _ specification: SweepSpecification, directory path: String, options: SweepOptions = SweepOptions()
  ) throws {
    self.options = options
    let whole = RunDirectory(path)
    let directory = whole.part(options.shard)
    let trials = specification.trials(of: options.shard)
    let budget = MemoryBudget(limit: options.memoryLimit, for: specification, trials: trials.count)
    let (stopRequest, files) = (StopRequest(), TrainingFiles(directory))
    self.stopRequest = stopRequest
    self.files = files
    var context = TrainingContext()
    (context.files, context.monitor) = (files, monitor)
    context.checkpointEvery = specification.checkpointEvery
    context.isStopped = { stopRequest.isMade }
    let runner = try TrialRunner(specification, cacheCapacity: budget.caches, context: context)
    self.runner = runner
    limits = try SweepLimits(
      trials, of: specification, jobs: options.jobs, budget: budget, directory: path,
      inputSize: runner.inputSize)

    let isFirst = !FileManager.default.fileExists(atPath: directory.store)
    if isFirst { try limits.checkDisk(trials) }

    try Self.checkPlace(directory, specification)
    try makeDirectory(directory.path)
    lock = try RunLock(directory)
    directory.removeUnfinishedFiles()
    let known = try whole.additions(by: specification)
    added = known ?? []
    // Other figures are no other run.
    let isNew = try known != [] || !whole.asksForFigures(of: specification)
    let store = try RunStore.open(directory, lock) {
      if isNew { try specification.write(to: whole) }
      if options.shard != nil { try specification.write(to: directory) }
    }
    run = Run(directory: directory, specification: specification, trials: trials, store: store)

    var (pending, counts) = try KnownResults(store: store, of: directory)
      .pending(among: trials, retryingFailed: options.retriesFailed)
    if !isFirst { try limits.checkDisk(pending) }
    try files.removeCheckpoints { Set(trials.map(\.id)).subtracting(pending.map(\.id)) }
    self.counts = counts
    if options.order == .shuffled {
      var order = Philox(key: (specification.rootSeed, 0), counter: (0, 0, 0, .max))
      pending.shuffle(using: &order)
    }
    self.pending = pending
    queue = TrialQueue(
      pending, memoryLimit: budget.trials, unsavedLimit: budget.unsaved, stopsAtFailure: options.failsFast,
      memory: { TrialCost($0, inputSize: runner.inputSize(of: $0)).memory })
  }

  /// Makes sure that a sweep overwrites no foreign files.
  ///
  /// - Throws: ``RunError``.
  static func checkPlace(_ directory: RunDirectory, _ specification: SweepSpecification) throws(RunError) {
    try OutputFolder.checkRun(directory.whole.path, of: specification)
    if directory.shard != nil { try OutputFolder.checkRun(directory.path, of: specification) }
  }
  /// What drawing its figures will take.
  public var figures: FigureMemory { FigureMemory(run.trials, limit: options.memoryLimit) }

  /// The memory and disk it will need, as one line of text.
  public var expectation: String { limits.text(jobs: options.jobs) }

  /// The text that its language models learn, with its parts; nil of other tasks.
  public var corpus: Corpus? { runner.corpus }

  /// Ends a running sweep at once: finished trials are stored, those in progress are abandoned. May be called
  /// from any thread.
  public func stop() {
    // The queue first, so that nothing is stored of a training run that stops early.
    queue.stop()
    stopRequest.make()
  }

  /// Whether ``stop()`` was called.
  public var isStopped: Bool { stopRequest.isMade }

  /// Whether nothing more will be stored.
  public var hasEnded: Bool { endReached.isMade }

  /// Runs the pending trials, several at a time, and stores each as soon as it ends, within a twentieth of a second.
  /// Call it once.
  ///
  /// Trials run on threads of their own, as many as requested if the system provides them; without any they run on the
  /// caller's. After ``stop()``, or where storing fails, this returns without waiting for the trials that are being
  /// computed; their threads end with them. Training runs are waited for: each ends after its current update, with a
  /// checkpoint.
  ///
  /// - Parameters:
  ///   - observe: called after each trial that is stored, from one thread.
  ///   - follow: called from time to time with the progress of the sweep and its training runs, from the same thread.
  ///   - begin: called with the number of trials at a time.
  ///   - linger: called after ``stop()`` if training runs need more than a moment to end, with those runs.
  /// - Returns: how far the run is.
  /// - Throws: ``RunError`` or `ModelFileError` where results, models or checkpoints cannot be written. What was stored
  ///   before stays, and so do training checkpoints: nothing is stored of a trial that the system stopped.
  public func execute(
    observe: @escaping @Sendable (TrialParameters, TrialRecord, SweepProgress) -> Void = { _, _, _ in },
    follow: @escaping @Sendable (SweepProgress, [TrainingMonitor.Course]) -> Void = { _, _ in },
    begin: (Int) -> Void = { _ in },
    linger: @escaping @Sendable ([TrainingMonitor.Course]) -> Void = { _ in }
  ) async throws -> SweepProgress {
    BLASEnvironment.useOneThread()
    // Nothing to run leaves the store as it is.
    let session = pending.isEmpty ? 0 : try run.store.begin(.current)
    let wanted = min(BLASBuffers.threads(atMost: max(1, options.jobs)), pending.count)
    var threads = 0
    while threads < wanted,
      SystemThread.start({ [queue, runner, stopRequest] in
        while Self.computeNext(queue, runner, stopRequest, session: session) {}
      })
    {
      threads += 1
    }
    begin(max(threads, min(1, wanted)))
    if threads > 0 || pending.isEmpty {
      // The caller's thread may be one of few that others wait for.
      let stored: SweepProgress? = try await withCheckedThrowingContinuation { continuation in
        let hasThread = SystemThread.start { [self] in
          continuation.resume(
            with: Result { () throws -> SweepProgress? in try store(observe, follow, linger) })
        }
        if !hasThread { continuation.resume(returning: nil) }
      }
      if let stored { return stored }
    }
    return try store(observe, follow, linger, computing: threads == 0 ? session : nil)
  }

  /// Runs the next trial.
  ///
  /// - Returns: false where there are no more.
  @discardableResult
  private static func computeNext(
    _ queue: TrialQueue, _ runner: TrialRunner, _ stopRequest: StopRequest, session: Int64
  ) -> Bool {
    guard let (trial, memory) = queue.take() else { return false }
    let start = ContinuousClock.now
    let record: TrialRecord
    do { record = try runner.outcome(of: trial) } catch {
      queue.giveUp(error, memory: memory)
      stopRequest.make()
      return false
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let parameters = trial.canonicalJSON
    queue.finish(
      FinishedTrial(
        trial: trial,
        stored: StoredTrial(
          id: TrialParameters.id(ofJSON: parameters), parameters: parameters, record: record,
          seconds: seconds, session: session)),
      memory: memory)
    return true
  }

  /// Time between two reports on active trials.
  private static let followInterval = Duration.seconds(0.5)
  /// Time between two transactions, where trials end faster: what a killed process loses.
  private static let storeInterval = Duration.seconds(0.05)

  /// Stores results until there are no more.
  ///
  /// - Parameter session: of the trials that are to be run here too; nil where threads run them.
  private func store(
    _ observe: (TrialParameters, TrialRecord, SweepProgress) -> Void,
    _ follow: (SweepProgress, [TrainingMonitor.Course]) -> Void,
    _ linger: ([TrainingMonitor.Course]) -> Void, computing session: Int64? = nil
  ) throws -> SweepProgress {
    let start = ContinuousClock.now
    var progress = SweepProgress(counts: counts, pending: pending)
    var activity = RunActivity(jobs: options.jobs, progress: counts)
    activity.write(to: run.directory)
    var written = start
    defer {
      endReached.make()
      activity.state = isStopped ? .interrupted : .ended
      activity.update(progress, to: run.directory)
    }
    do {
      while true {
        if let session { Self.computeNext(queue, runner, stopRequest, session: session) }
        // A thread that also computes has nothing to wait for.
        let interval = session == nil ? Self.storeInterval : .zero
        guard let finished = queue.finished(until: .now + Self.followInterval, gathering: interval)
        else { break }
        try run.store.save(finished.map(\.stored))
        queue.saved()
        progress.elapsed = (ContinuousClock.now - start) / .seconds(1)
        let courses = monitor.running
        progress.follow(courses)
        follow(progress, courses)
        for result in finished {
          if result.trial.training != nil { try files.removeCheckpoint(result.trial.id) }
          progress.count(result.trial, result.stored.record.status)
          observe(result.trial, result.stored.record, progress)
        }
        if ContinuousClock.now - written >= .seconds(RunActivity.interval) {
          activity.update(progress, to: run.directory)
          written = .now
        }
      }
    } catch {
      stop()
      monitor.waitForRest(linger)
      throw error
    }
    try run.store.close()
    if isStopped { monitor.waitForRest(linger) }
    if let obstacle = queue.reasonForGivingUp { throw obstacle }
    return progress
  }
}
