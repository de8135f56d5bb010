import GradientFlow

BLASEnvironment.useOneThread()
let clock = ContinuousClock()
func once(_ steps: Int, _ body: () -> Void) -> Double {
  let t = clock.now
  body()
  return (clock.now - t) / .microseconds(1) / Double(steps)
}
func median(_ x: [Double]) -> Double { x.sorted()[x.count / 2] }
func time(_ steps: Int, seconds: Double = 0.1, _ body: () -> Void) -> Double {
  body()
  var times: [Double] = []
  let start = clock.now
  repeat { times.append(once(steps, body)) } while (clock.now - start) / .seconds(1) < seconds
  return median(times)
}
let only = CommandLine.arguments.dropFirst().first
let mode = CommandLine.arguments.dropFirst(2).first
for row in BenchmarkRow.all where only == nil || row.name.hasPrefix(only!) {
  let floor = Floor<Float>(row)
  func own<E: Scalar>(_: E.Type, _ kinds: [Instrumentation]) -> [Double] {
    row.cell.accept(
      OwnPass<E>(row) { run in
        var times = kinds.map { _ in [Double]() }
        for k in kinds { run(k) }
        let start = clock.now
        repeat {
          for (i, k) in kinds.enumerated() { times[i].append(once(row.shape.steps) { run(k) }) }
        } while (clock.now - start) / .seconds(1) < 0.1 * Double(kinds.count)
        return times.map(median)
      })
  }
  if let mode {
    let i: Instrumentation = mode == "none" ? .none : mode == "all" ? .all : .stepNorms
    for _ in 0..<10 { print(mode == "f64" ? own(Double.self, [i]) : own(Float.self, [i])) }
    continue
  }
  var line: [[Double]] = []
  for _ in 0..<5 {
    line.append(
      [withDenormalsFlushed { time(floor.steps) { _ = floor.run() } }]
        + own(Float.self, Instrumentation.allCases) + own(Double.self, [.stepNorms]))
  }
  let m = (0..<line[0].count).map { k in line.map { $0[k] }.sorted()[line.count / 2] }
  func f(_ x: Double) -> String { String(Double(Int(x * 100)) / 100) }
  print(
    row.name, "floor", f(m[0]), "GF", f(floor.operations / m[0] / 1000), "none", f(m[1]), "norms", f(m[2]),
    "all", f(m[3]), "f64", f(m[4]), "| share", f(m[0] / m[2]), "norms +", f((m[2] / m[1] - 1) * 100), "all +",
    f((m[3] / m[1] - 1) * 100), "f64 speed", f(m[2] / m[4]))
}
