import Foundation
import GradientFlow
import Testing

/// A task and a sequence length it is tested with.
struct TaskCase: Sendable, CustomTestStringConvertible {
  let name: String
  let task: any LearningTask
  let steps: Int
  /// Σ_t E‖x_t‖² of a sequence, less T times what the task says it is of a step.
  var excess = 0.0
  var testDescription: String { "\(name), \(steps) steps" }

  /// Every task that is learned.
  static let all: [TaskCase] = [
    TaskCase(name: "temporal order", task: TemporalOrder(), steps: 25),
    TaskCase(name: "adding", task: AddingProblem(), steps: 7, excess: 2),
    TaskCase(name: "multiplication", task: MultiplicationProblem(), steps: 7, excess: 2),
    TaskCase(name: "XOR", task: DelayedXOR(), steps: 7, excess: 2),
    TaskCase(name: "copy memory", task: CopyMemory(), steps: 26),
    TaskCase(name: "3 bits", task: BitMemorisation(bits: 3), steps: 11),
    TaskCase(name: "5 bits", task: BitMemorisation(), steps: 13),
    TaskCase(name: "digits", task: Self.digits(count: 50, pixelCount: 4), steps: 4),
    TaskCase(name: "digits by rows", task: Self.digits(count: 50, pixelCount: 6, .rows(width: 2)), steps: 3),
    TaskCase(name: "whole digits", task: Self.digits(count: 50, pixelCount: 6, .image), steps: 1),
    TaskCase(name: "text", task: Self.text(length: 300), steps: 9),
    TaskCase(name: "echo", task: Echo(delay: 3, symbols: 5), steps: 9),
    TaskCase(name: "flip-flop", task: FlipFlop(), steps: 12, excess: 3 * 0.75),
    TaskCase(name: "reversal", task: Reversal(symbols: 3), steps: 6),
    TaskCase(name: "own output", task: ClassToSequence(classes: 5), steps: 8),
    TaskCase(
      name: "no feedback", task: ClassToSequence(classes: 5, feedback: .nothing), steps: 8, excess: 1 - 8),
  ]

  /// Images of which each pixel says whose it is: pixel t of image k is (8k + t)/1024. Labels are k mod 3.
  static func digits(
    count: Int, pixelCount: Int, _ reading: SequentialDigits.Reading = .pixels
  ) -> SequentialDigits {
    SequentialDigits(
      images: (0..<count).flatMap { k in (0..<pixelCount).map { t in Float(8 * k + t) / 1024 } },
      labels: (0..<count).map { $0 % 3 }, classCount: 3, reading: reading)
  }

  /// A text whose characters all differ, so that the index of each is its place.
  static func text(length: Int) -> NextCharacter {
    var text = ""
    text.unicodeScalars.append(contentsOf: (0..<length).map { Unicode.Scalar(UInt16(0x4E00 + $0))! })
    return NextCharacter(text: text)
  }
}

extension LearningTask {
  /// A batch in double precision.
  func drawn(
    steps: Int, batch: Int, root: UInt64 = 1, seed: UInt64 = 2, use: SampleDraw.Use = .diagnosis
  ) throws -> TaskSample<Double> {
    try sample(
      Double.self, steps: steps, batch: batch, draw: SampleDraw(rootSeed: root, seed: seed, use: use))
  }
}

/// L of outputs that do not depend on the hidden states, through the losses a network is trained with.
///
/// - Parameter outputs: the outputs of a step, 1…T.
func loss(
  of task: some LearningTask, _ sample: TaskSample<Double>, steps: Int, batch: Int,
  outputs: (Int) -> [Double]
) -> Double {
  let placement = task.placement(steps: steps)
  let shape = SequenceShape(steps: steps, batch: batch, inputSize: task.inputSize, hiddenSize: 1)
  let hidden = [Double](repeating: 1, count: batch)
  var gradient = hidden
  var total = 0.0
  for t in 1...steps where placement.includes(t, of: steps) {
    let readout = Readout<Double>(weight: Matrix(rows: task.outputSize, columns: 1), bias: outputs(t))
    let loss: any SequenceLoss<Double>
    switch task.objective {
    case .classification:
      loss = CrossEntropyLoss(classes: sample.classes, readout: readout, placement: placement)
    case .regression:
      loss = MeanSquaredErrorLoss(targets: sample.values, readout: readout, placement: placement)
    }
    var workspace = ReadoutWorkspace(readout: readout, batch: batch)
    total += loss.evaluate(step: t, of: shape, hidden: hidden, gradient: &gradient, workspace: &workspace)
  }
  return total
}

/// L of outputs of a classification, from its definition: the mean of −log softmax(y)[class] over the rows that count.
///
/// - Parameter outputs: of a row, by its place among the classes.
func crossEntropy(_ classes: [Int], outputs: (Int) -> [Double]) -> Double {
  var (sum, count) = (0.0, 0)
  for (row, label) in classes.enumerated() where label != ignoredClass {
    let y = outputs(row)
    let largest = y.max() ?? 0
    sum += largest + log(y.reduce(0) { $0 + exp($1 - largest) }) - y[label]
    count += 1
  }
  return sum / Double(count)
}

/// The place of the 1 in each of one-hot rows; nil if they are something else.
func columns(_ rows: [Double], width: Int) -> [Int]? {
  var columns: [Int] = []
  for start in stride(from: 0, to: rows.count, by: width) {
    let row = Array(rows[start..<start + width])
    guard row.filter({ $0 == 0 }).count == width - 1, let column = row.firstIndex(of: 1) else { return nil }
    columns.append(column)
  }
  return columns
}

/// Whether a share of `count` independent trials agrees with its probability: within 5 standard errors.
func agrees(_ share: Double, _ probability: Double, count: Int) -> Bool {
  (share - probability).magnitude <= 5 * (probability * (1 - probability) / Double(count)).squareRoot()
}
