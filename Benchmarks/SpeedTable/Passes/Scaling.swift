import Foundation
import GradientFlow

/// How time and memory grow with the number of steps, and what a second thread brings.
struct Scaling {
  /// µs a step at a number of steps, and the most memory the process has held so far.
  struct Point {
    let steps: Int
    let microseconds: Double
    let peakMegabytes: Double
    let checkpoints: Bool
  }

  let row: PassRow

  /// Step norms on; shortest first, so that the peak belongs to the point.
  func points(_ lengths: [Int], seconds: Double) -> [Point] {
    lengths.map { steps in
      let longer = PassRow(
        row.cell, hidden: row.shape.hiddenSize, batch: row.shape.batch, inputs: row.shape.inputSize,
        steps: steps)
      let (time, checkpoints) = row.cell.accept(OneLength(row: longer, seconds: seconds))
      return Point(
        steps: steps, microseconds: time, peakMegabytes: peakMegabytes(), checkpoints: checkpoints)
    }
  }

  private struct OneLength: CellVisitor {
    typealias Element = Float
    let row: PassRow
    let seconds: Double

    func visit<Cell: RecurrentCell>(_ type: Cell.Type) -> (Double, Bool)
    where Cell.Element == Float {
      let network = row.network(Float.self)
      let cell = Cell(parameters: network.parameters)
      let loss = FinalDotLoss(direction: network.direction)
      var pass = SequencePass(cell: cell, shape: row.shape, inputs: network.inputs)
      let checkpoints = pass.plan.checkpoints
      let time = Clock.medians([0], steps: row.shape.steps, seconds: seconds) { _ in
        pass.run(inputs: network.inputs)
        var probe = StateGradientNorms<Float>(
          shape: row.shape, carriesCellState: Cell.carriesCellState)
        _ = pass.backward(loss: loss, probe: &probe)
      }[0]
      return (time, checkpoints)
    }
  }

  /// How many times the passes of one thread two threads make in the same time.
  static func gainOfTwoThreads(_ row: PassRow, seconds: Double) -> Double {
    func passes(threads: Int) -> Double {
      let group = DispatchGroup()
      let counts = AlignedBuffer<Double>(count: 16 * threads)
      let base = UInt(bitPattern: counts.base)
      for thread in 0..<threads {
        DispatchQueue.global().async(group: group) {
          let time = row.cell.accept(
            OwnPass<Float>(row, kinds: [.stepNorms], seconds: seconds))[0]
          UnsafeMutablePointer<Double>(bitPattern: base)![16 * thread] = 1 / time
        }
      }
      group.wait()
      return (0..<threads).reduce(0) { $0 + counts.base[16 * $1] }
    }
    let alone = passes(threads: 1)
    let both = passes(threads: 2)
    return both / ((alone + passes(threads: 1)) / 2)
  }
}

/// The most memory this process has held, MB.
func peakMegabytes() -> Double {
  var usage = rusage()
  #if os(Linux)
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return Double(usage.ru_maxrss) / 1024
  #else
    getrusage(RUSAGE_SELF, &usage)
    return Double(usage.ru_maxrss) / 1_048_576
  #endif
}
