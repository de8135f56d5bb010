/// Works on several items at a time and takes the results in the order of the items, never holding more than a few.
///
/// - Parameters:
///   - jobs: items worked on at a time, at least 1; fewer where address space is short.
///   - work: done concurrently.
///   - take: called with each result, one at a time.
public func inOrder<Item: Sendable, Result: Sendable>(
  _ items: [Item], jobs: Int, _ work: @escaping @Sendable (Item) async throws -> Result,
  take: (Result) throws -> Void
) async throws {
  try await withThrowingTaskGroup(of: (Int, Result).self) { group in
    var started = 0
    var taken = 0
    var waiting: [Int: Result] = [:]
    func start() {
      guard started < items.count else { return }
      let (index, item) = (started, items[started])
      group.addTask { (index, try await work(item)) }
      started += 1
    }
    for _ in 0..<BLASBuffers.threads(atMost: max(1, jobs)) { start() }
    while let (index, result) = try await group.next() {
      waiting[index] = result
      while let next = waiting.removeValue(forKey: taken) {
        try take(next)
        taken += 1
        start()
      }
    }
  }
}
