import GradientFlow

/// Updates of ours, drawing of the sequences included.
struct OwnTraining: CellVisitor {
  typealias Element = Float
  let row: TrainingRow

  /// The loss of every update from the first weights, and then µs an update over a time.
  typealias Measure = (losses: [Double], time: (_ seconds: Double) -> Double)

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> Measure where Cell.Element == Float {
    let updates = Updates<Cell>(row)
    let losses = (0..<TrainingRow.updates).map { _ in updates.next() }
    return (
      losses,
      { seconds in
        Clock.medians([0], steps: TrainingRow.updates, seconds: seconds) { _ in
          for _ in 0..<TrainingRow.updates { _ = updates.next() }
        }[0]
      }
    )
  }
}

/// A training that goes on.
private final class Updates<Cell: RecurrentCell> where Cell.Element == Float {
  private var loop: TrainingLoop<Cell>

  init(_ row: TrainingRow) { loop = TrainingLoop(row.plan, task: row.task, from: row.start(Float.self)) }

  /// Makes an update; returns its loss, or NaN where numbers left their range.
  func next() -> Double {
    guard case .updated(let account, _)? = try? loop.update() else { return .nan }
    return account.loss
  }
}
