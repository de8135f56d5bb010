/// Times of repeated work, in microseconds a step.
enum Clock {
  private static let clock = ContinuousClock()

  /// One run of `body`, which takes so many steps.
  static func once(_ steps: Int, _ body: () -> Void) -> Double {
    let start = clock.now
    body()
    return (clock.now - start) / .microseconds(1) / Double(steps)
  }

  /// The median over at least three runs and so many seconds of each kind, kinds taking turns: what disturbs the
  /// machine disturbs all of them.
  static func medians<Kind>(
    _ kinds: [Kind], steps: Int, seconds: Double, _ run: (Kind) -> Void
  ) -> [Double] {
    var times = kinds.map { _ in [Double]() }
    for kind in kinds { run(kind) }
    let start = clock.now
    repeat {
      for (k, kind) in kinds.enumerated() { times[k].append(once(steps) { run(kind) }) }
    } while times[0].count < 3 || (clock.now - start) / .seconds(1) < seconds * Double(kinds.count)
    return times.map(median)
  }
}

/// The middle of an unsorted list, not empty.
func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
