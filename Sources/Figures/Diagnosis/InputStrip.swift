import Experiments
import GradientFlow
import TextFiles

/// What a layer reads, below its states: the inputs of a batch element as a map.
struct InputStrip {
  private let times: [Int]
  /// By input, then by step.
  private let values: [[Double]]

  /// - Parameter times: steps in the layer's own time, from 0.
  init(_ diagnosis: ModelDiagnosis, _ direction: Direction, _ times: [Int]) {
    let problem = diagnosis.problem
    // Before the first step nothing is read.
    let read = times.filter { $0 > 0 }
    self.times = read
    values = (0..<problem.model.inputSize).map { input in
      read.map { Self.value(diagnosis, input, at: direction == .forward ? $0 : problem.steps + 1 - $0) }
    }
  }

  /// Input k of the element that is followed, at a step of the sequence.
  private static func value(_ diagnosis: ModelDiagnosis, _ input: Int, at step: Int) -> Double {
    let problem = diagnosis.problem
    guard case .dense(let inputs) = problem.data.inputs else { return .nan }
    let row = problem.data.shape.firstRow(of: step) + diagnosis.plan.element
    return inputs[row * problem.model.inputSize + input]
  }

  /// What a caption says of it.
  static func notes(_ diagnosis: ModelDiagnosis) -> [String] {
    let (steps, size) = (diagnosis.problem.steps, diagnosis.problem.model.inputSize)
    let rows = (1...steps).map { step in (0..<size).map { value(diagnosis, $0, at: step) } }
    let largest = rows.joined().lazy.map(\.magnitude).max() ?? 0
    let isOneHot = rows.allSatisfy { row in row.count { $0 == 1 } == 1 && row.count { $0 == 0 } == size - 1 }
    return [
      isOneHot && size > 1
        ? "below: the one-hot inputs x_t"
        : "below: the inputs x_t in the same colours, up to ±\(Brief.number(largest))"
    ]
  }

  func panel(_ fields: [Field], _ x: PanelAxis, _ plot: inout Plot) -> Panel {
    let names = values.indices.map { "\($0 + 1)" }
    var panel = Panel("", x: x, y: .categories("input", names, limit: 4))
    panel.hasGrid = false
    panel.colors = .diverging(values.flatMap { $0 }, share: 1, label: "x_t")
    let rows = values.enumerated().flatMap { input, row in
      zip(times, row).map {
        fields + ["x", Field(input), Field(input + 1), Field($0), .shaded($1)]
      }
    }
    panel.map(plot.append(rows), x: "step", y: "place", value: "activation")
    return panel
  }
}
