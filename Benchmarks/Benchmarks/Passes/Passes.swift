import Benchmark
import GradientFlow

// Single passes under a harness with statistics and thresholds: what changes from one revision to the next. How ours
// stands beside the processor's limit and other libraries is SpeedTable's subject.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .peakMemoryResident], warmupIterations: 3,
    maxDuration: .seconds(1), maxIterations: 1_000_000)

  for cell in CellKind.allCases {
    for (hidden, batch) in [(32, 1), (64, 16), (128, 32)] {
      for probed in [false, true] {
        let name = "\(cell.rawValue) H=\(hidden) B=\(batch) T=100, \(probed ? "all probes" : "no probe")"
        Benchmark(name) { benchmark in
          cell.accept(
            PassBenchmark(
              benchmark: benchmark,
              shape: SequenceShape(steps: 100, batch: batch, inputSize: 16, hiddenSize: hidden),
              probed: probed))
        }
      }
    }
  }
}

/// One pass after another on the same memory.
private struct PassBenchmark: CellVisitor {
  typealias Element = Float
  let benchmark: Benchmark
  let shape: SequenceShape
  let probed: Bool

  func visit<Cell: RecurrentCell>(_ type: Cell.Type) where Cell.Element == Float {
    let rows = Cell.gateCount * shape.hiddenSize
    var stream = RandomStream(rootSeed: 1, trialSeed: 1, purpose: .other(0))
    let sd = 1 / Double(shape.hiddenSize).squareRoot()
    let parameters = RecurrentParameters<Double>(
      weightIH: Matrix(
        rows: rows, columns: shape.inputSize,
        values: stream.normals(rows * shape.inputSize, standardDeviation: 0.1)),
      weightHH: Matrix(
        rows: rows, columns: shape.hiddenSize,
        values: stream.normals(rows * shape.hiddenSize, standardDeviation: sd)),
      biasIH: [Double](repeating: 0, count: rows), biasHH: [Double](repeating: 0, count: rows))
    let inputs = Float.array(stream.normals(shape.inputCount))
    let loss = FinalDotLoss(direction: Float.array(stream.normals(shape.hiddenSize)))
    var pass = SequencePass(
      cell: Cell(parameters: parameters.converted(to: Float.self)), shape: shape, inputs: inputs)
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      pass.run(inputs: inputs)
      if probed {
        blackHole(pass.diagnose(loss: loss).steps.hidden[1])
      } else {
        blackHole(pass.backward(loss: loss).loss)
      }
    }
    benchmark.stopMeasurement()
  }
}
