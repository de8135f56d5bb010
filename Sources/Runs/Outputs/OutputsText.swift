import Foundation
import GradientFlow
import Specification
import TextFiles

extension [TrialParameters] {
  /// The axes by which they can be told apart.
  public var varyingAxes: [Axis] { Axis.all.filter { axis in Set(compactMap { axis.text($0) }).count > 1 } }
}

/// What a network puts out, for people: what it is, a row a step, and how many of them are right.
public struct OutputsText {
  private let outputs: TrialOutputs
  /// How many of the most probable classes are shown; nil: all of few, three of many.
  private let most: Int?
  /// Of a line; nil: as long as they are.
  private let width: Int?

  /// So many classes have a column each.
  private static let fewClasses = 4
  /// The most steps that are shown.
  private static let mostSteps = 100
  /// Numbers of an input that are shown.
  private static let mostNumbers = 4

  public init(_ outputs: TrialOutputs, most: Int? = nil, width: Int? = nil) {
    (self.outputs, self.most, self.width) = (outputs, most, width)
  }

  /// All steps.
  ///
  /// - Parameter among: trials that it is told apart from.
  public func whole(among trials: [TrialParameters]) -> String {
    heading(among: trials) + source + "\n" + table + "\n" + summary
  }

  /// One step with all its outputs.
  ///
  /// - Throws: ``OutputsError/noStep(_:of:)``.
  public func step(_ t: Int, among trials: [TrialParameters]) throws(OutputsError) -> String {
    try outputs.check(step: t)
    return heading(among: trials) + source + "\n" + distribution(outputs.reading.steps[t - 1])
  }

  // MARK: - Before the table

  private func heading(among trials: [TrialParameters]) -> String {
    let (trial, reading) = (outputs.trial, outputs.reading)
    let named = trials.varyingAxes.filter { $0 != .cell }.compactMap { axis in
      axis.text(trial).map { "\(axis.shortName)=\($0)" }
    }
    let network = outputs.updates.map { "after \(Brief.grouped($0)) updates" } ?? "as drawn, untrained"
    return line(
      "trial \(trial.id): \(([trial.cell.rawValue] + named).joined(separator: ", ")); \(network)")
      + line(
        "task \(trial.task.label); test sequence \(Brief.grouped(outputs.sequence)) of "
          + "\(Brief.grouped(outputs.count)), T = \(Brief.grouped(reading.source?.count ?? reading.steps.count))"
      )
  }

  private func line(_ text: String) -> String {
    WrappedText.paragraph(text, indent: "  ", width: width) + "\n"
  }

  private var source: String {
    guard let source = outputs.reading.source else { return "" }
    let shown = source.prefix(Self.mostSteps).map(name).joined(separator: " ")
    return line("the encoder reads: \(shown)\(source.count > Self.mostSteps ? " …" : "")")
  }

  private func name(_ input: SequenceReading.Input) -> String {
    outputs.name(input, digits: { Brief.number($0) }, most: Self.mostNumbers)
  }

  private func name(_ target: SequenceReading.Target?) -> String {
    switch target {
    case nil: return "–"
    case .label(let label)?: return outputs.task.name(ofClass: label)
    case .values(let values)?: return values.map { Brief.number($0) }.joined(separator: " ")
    }
  }

  // MARK: - The table

  private var table: String {
    let steps = outputs.reading.steps
    var shown = steps
    if shown.count > Self.mostSteps { shown = steps.filter { $0.target != nil } }
    if shown.count > Self.mostSteps || shown.isEmpty { shown = steps }
    let isCut = shown.count > Self.mostSteps
    let half = Self.mostSteps / 2
    let rows = isCut ? shown.prefix(half) + shown.suffix(half) : shown[...]
    var cells = [titles] + rows.map(cells)
    if isCut { cells.insert(["…"], at: half + 1) }
    let left = steps.count - rows.count
    return AlignedRows.text(cells, width: width)
      + (left > 0 ? line("\(Brief.grouped(left)) other steps: --step T shows one, --format csv has all") : "")
  }

  private var titles: [String] {
    var titles = ["t", "target"]
    for way in outputs.ways {
      let own = way == .own ? "own " : ""
      titles += (["input"] + outputTitles + [lossTitle]).map { own + $0 } + [""]
    }
    return titles
  }

  private var lossTitle: String { outputs.classifies ? "loss" : "squared error" }

  /// A column for each of few classes, or for the most probable ones.
  private var outputTitles: [String] {
    guard outputs.classifies else { return ["output"] }
    if hasColumnsOfClasses {
      return (0..<outputs.task.outputSize).map { "ŷ(\(outputs.task.name(ofClass: $0)))" }
    }
    return (0..<shownClasses).map { $0 == 0 ? "most probable" : "" }
  }

  private var hasColumnsOfClasses: Bool { most == nil && outputs.task.outputSize <= Self.fewClasses }
  private var shownClasses: Int { min(most ?? 3, outputs.task.outputSize) }

  private func cells(_ step: SequenceReading.Step) -> [String] {
    var cells = ["\(step.step)", name(step.target)]
    for case let prediction? in outputs.ways.map({ $0.prediction(step) }) {
      cells.append(name(prediction.input))
      cells += shown(prediction.outputs)
      cells.append(prediction.loss.map { Brief.number($0) } ?? "–")
      cells.append(prediction.isRight.map { $0 ? "right" : "wrong" } ?? "")
    }
    return cells
  }

  private func shown(_ values: [Double]) -> [String] {
    guard outputs.classifies else { return [values.map { Brief.number($0) }.joined(separator: " ")] }
    if hasColumnsOfClasses { return values.map(Self.probability) }
    return ordered(values).prefix(shownClasses).map {
      "\(outputs.task.name(ofClass: $0)) \(Self.probability(values[$0]))"
    }
  }

  /// Classes, the most probable first.
  private func ordered(_ values: [Double]) -> [Int] {
    values.indices.sorted { values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1] }
  }

  /// Three decimals, and what is less than these as a power.
  private static func probability(_ value: Double) -> String {
    value > 0 && value < 0.0005 ? String(format: "%.0e", value) : String(format: "%.3f", value)
  }

  // MARK: - One step

  private func distribution(_ step: SequenceReading.Step) -> String {
    let ways = outputs.ways.compactMap { way in way.prediction(step).map { (way, $0) } }
    var text = line("step \(step.step): target \(name(step.target))")
    for (way, prediction) in ways {
      let isRight = prediction.isRight.map { $0 ? ", right" : ", wrong" } ?? ""
      let loss = prediction.loss.map { "\(lossTitle) \(Brief.number($0))\(isRight)" } ?? "nothing is asked"
      text += line("\(way.label)input \(name(prediction.input)), \(loss)")
    }
    guard let first = ways.first?.1 else { return text }
    guard outputs.classifies else {
      let rows = first.outputs.indices.map { k -> [String] in
        var target = ""
        if case .values(let values)? = step.target { target = Brief.number(values[k]) }
        return ["\(k)", target] + ways.map { Brief.number($0.1.outputs[k]) }
      }
      return text + "\n" + AlignedRows.text([["output", "target", "value"]] + rows, width: width)
    }
    let rows = ordered(first.outputs).prefix(most ?? .max).map { k in
      [outputs.task.name(ofClass: k)] + ways.map { Self.probability($0.1.outputs[k]) }
        + [step.target == .label(k) ? "target" : ""]
    }
    let titles = ["class"] + ways.map { $0.0 == .own ? "own ŷ" : "ŷ" } + [""]
    return text + "\n" + AlignedRows.text([titles] + rows, width: width)
  }

  // MARK: - After the table

  private var summary: String {
    outputs.ways.map { way -> String in
      guard let loss = outputs.reading.meanLoss(way.prediction) else {
        return line(way.label + "nothing is asked")
      }
      let perplexity = outputs.classifies ? " nats (perplexity \(Brief.number(exp(loss))))" : ""
      let right = outputs.reading.right(way.prediction).map {
        ", \(Brief.grouped($0.count)) of \(Brief.grouped($0.of)) outputs right"
      }
      return line("\(way.label)mean \(lossTitle) \(Brief.number(loss))\(perplexity)\(right ?? "")")
    }.joined()
  }
}
