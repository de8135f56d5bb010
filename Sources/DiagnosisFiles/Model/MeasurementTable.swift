import Foundation
import GradientFlow
import TextFiles

/// A CSV of one kind of measurement, for all layers of a model.
///
/// Each row starts with `layer` and `direction`; numbers as everywhere (see ``CSVField``).
struct MeasurementTable: Sendable {
  /// The file's name.
  package let file: String
  /// After `layer,direction`.
  package let columns: [String]
  /// Of a table by step, which begins with `t`: how many sequences a row is of. Batches of different lengths have a
  /// column of it at the right.
  var sequences: (@Sendable (SequenceShape, _ t: Int) -> Int)?
  /// Hands the fields of each row of a layer to `row`, which writes them.
  package let rows: @Sendable (LayerDiagnosis, _ row: ([MeasurementField]) throws -> Void) throws -> Void

  /// Writes the table if any layer has a row; returns whether it has.
  package func write(_ layers: [LayerDiagnosis], to path: String) throws -> Bool {
    var file: StreamedFile?
    let counts = layers.contains { $0.shape.lengths != nil } ? sequences : nil
    let columns = columns + (counts == nil ? [] : ["sequences"])
    for layer in layers {
      let head = "\(layer.layer),\(layer.direction.rawValue)"
      try rows(layer) { fields in
        if file == nil {
          file = try StreamedFile(path: path)
          try file?.write((["layer", "direction"] + columns).joined(separator: ",") + "\n")
        }
        var text = head
        for field in fields {
          switch field {
          case .number(let value): CSVField.append(value, to: &text)
          case .integer(let value): text += ",\(value)"
          case .word(let value): text += "," + value
          }
        }
        if let counts, case .integer(let t) = fields.first { text += ",\(counts(layer.shape, t))" }
        try file?.write(text + "\n")
      }
    }
    try file?.finish()
    return file != nil
  }
}

/// A field of a row. Words are names of gates, blocks and paths, which need no quotes.
enum MeasurementField {
  case number(Double?)
  case integer(Int)
  case word(String)
}

extension MeasurementTable {
  /// All tables of a diagnosis.
  package static let all: [MeasurementTable] = [
    gates, gateUnits, paths, contributions, jacobians, singularValues, lyapunov, predictions,
  ]

  private static let gates = MeasurementTable(
    file: "gates.csv",
    columns: ["t", "lag", "gate", "mean", "saturated_low", "saturated_high", "log10_grad", "log10_memory"],
    sequences: { $0.count(at: $1) }
  ) { layer, row in
    guard let activity = layer.gates else { return }
    let (count, steps) = (activity.gates.count, layer.shape.steps)
    let memory = GateActivity.memoryGate(of: activity.gates)
    for t in 1...steps {
      for (g, gate) in activity.gates.enumerated() {
        let found = activity.bySteps[(t - 1) * count + g]
        try row([
          .integer(t), .integer(steps - t), .word(gate.rawValue), .number(found.mean), .number(found.low),
          .number(found.high), .number(layer.steps.preactivation(gate: g, step: t)),
          .number(g == memory ? activity.log10Memory[t - 1] : nil),
        ])
      }
    }
  }

  private static let gateUnits = MeasurementTable(
    file: "gate_units.csv",
    columns: [
      "gate", "unit", "mean", "saturated_low", "saturated_high", "log10_grad", "log10_memory",
      "memory_steps",
    ]
  ) { layer, row in
    guard let activity = layer.gates else { return }
    let hidden = layer.shape.hiddenSize
    let memory = GateActivity.memoryGate(of: activity.gates)
    let (decades, reach) = (activity.log10MemoryByUnit, activity.memorySteps)
    for (g, gate) in activity.gates.enumerated() {
      for k in 0..<hidden {
        let found = activity.byUnits[g * hidden + k]
        let memory = g == memory ? decades[k] : nil
        try row([
          .word(gate.rawValue), .integer(k), .number(found.mean), .number(found.low), .number(found.high),
          .number(layer.unitGradients?[g * hidden + k]), .number(memory),
          .number(memory == nil ? nil : reach[k]),
        ])
      }
    }
  }

  private static let paths = MeasurementTable(
    file: "paths.csv", columns: ["t", "lag", "path", "log10_norm", "share"],
    sequences: { $0.states(at: $1) }
  ) { layer, row in
    guard let paths = layer.paths else { return }
    let columns = GradientPath.allCases.map { ($0, paths.log10Norms($0), paths.shares($0)) }
    for t in 0...paths.steps {
      for (path, norms, shares) in columns {
        try row([
          .integer(t), .integer(paths.steps - t), .word(path.rawValue), .number(norms[t]),
          .number(shares[t]),
        ])
      }
    }
  }

  private static let contributions = MeasurementTable(
    file: "contributions.csv", columns: ["t", "lag", "gate", "log10_norm", "cosine"],
    sequences: { $0.count(at: $1) }
  ) { layer, row in
    guard let alignment = layer.alignment else { return }
    let gates = layer.steps.gates
    let parts = gates.count > 1 ? gates.indices.map(Int?.some) + [nil] : [nil]
    let columns = parts.map { ($0, alignment.log10Norms(gate: $0), alignment.cosines(gate: $0)) }
    for t in 1...layer.shape.steps {
      for (gate, norms, cosines) in columns {
        try row([
          .integer(t), .integer(layer.shape.steps - t), .word(gate.map { gates[$0].rawValue } ?? "all"),
          .number(norms[t - 1]), .number(cosines[t - 1]),
        ])
      }
    }
  }

  private static let jacobians = MeasurementTable(
    file: "jacobians.csv",
    columns: [
      "block", "lag", "t", "log10_sigma_max", "log10_sigma_min", "log10_condition", "effective_rank",
      "zeros",
    ]
  ) { layer, row in
    for jacobian in layer.jacobians {
      for (lag, values) in zip(jacobian.lags, jacobian.singularValues) {
        let spectrum = SingularSpectrum(values)
        try row([
          .word(jacobian.block.rawValue), .integer(lag), .integer(layer.shape.steps - lag),
          .number(values.first?.log10), .number(values.last?.log10), .number(spectrum.log10ConditionNumber),
          .number(spectrum.effectiveRank), .integer(values.count(where: \.isZero)),
        ])
      }
    }
  }

  private static let singularValues = MeasurementTable(
    file: "singular_values.csv", columns: ["block", "lag", "index", "log10_sigma"]
  ) { layer, row in
    for jacobian in layer.jacobians {
      for (lag, values) in zip(jacobian.lags, jacobian.singularValues) {
        for (k, value) in values.enumerated() {
          try row([
            .word(jacobian.block.rawValue), .integer(lag), .integer(k + 1), .number(value.log10),
          ])
        }
      }
    }
  }

  private static let lyapunov = MeasurementTable(
    file: "lyapunov.csv", columns: ["index", "exponent", "standard_error", "decades_per_step"]
  ) { layer, row in
    guard let report = layer.lyapunov else { return }
    for (k, exponent) in report.spectrum.exponents.enumerated() {
      try row([
        .integer(k + 1), .number(exponent), .number(report.spectrum.standardErrors[k]),
        .number(exponent / M_LN10),
      ])
    }
  }

  private static let predictions = MeasurementTable(
    file: "theory.csv", columns: ["prediction", "decades_per_step", "measured", "residual"]
  ) { layer, row in
    let measured = layer.hasPlainDecay ? layer.decay?.rate : nil
    for prediction in SlopePrediction.allCases {
      guard let value = layer.predictions[prediction] else { continue }
      try row([
        .word(prediction.rawValue), .number(value), .number(measured),
        .number(layer.predictions.residual(prediction, of: measured)),
      ])
    }
  }
}
