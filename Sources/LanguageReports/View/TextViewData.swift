import Foundation
import GradientFlow
import TextFiles

/// What a page of a text shows: of one or more models of a language what their units have, and what each prediction depends
/// on.
public struct TextViewData: Sendable {
  /// One model on the text.
  public struct Model: Sendable {
    /// `update 500`.
    public let label: String
    public let gradients: TextGradients
    /// All units, with their values after each token.
    public let units: [(name: UnitName, values: [Float])]
  }

  public let title, source, command: String
  /// Tokens as they are; step t reads the token t and tells the next.
  public let tokens: [String]
  /// What is told at the last step.
  public let next: String
  public let models: [Model]
  /// What is known of units: by name, such as `keeps: inside_quotes (r² 0.41)`.
  public var notes: [UnitName: String] = [:]

  /// Follows the models through a text.
  ///
  /// - Parameter tokens: T + 1 of them.
  /// - Throws: `LanguageModelError`.
  public init(
    title: String, source: String, command: String, _ models: [(label: String, model: LanguageModel<Double>)],
    _ tokens: [Int32], progress: (String) -> Void = { _ in }
  ) throws {
    let vocabulary = models[0].model.vocabulary
    (self.title, self.source, self.command) = (title, source, command)
    let words = tokens.map { vocabulary.tokens[Int($0)] }
    self.tokens = Array(words.dropLast())
    next = words.last ?? ""
    self.models = try models.map { label, model in
      progress(label)
      return Model(
        label: label, gradients: try model.textGradients(tokens),
        units: try model.converted(to: Float.self).unitValues(Array(tokens.dropLast())))
    }
  }

  /// As `text-view.html` reads it.
  public var json: String {
    JSONText.object([
      ("title", .string(title)), ("source", .string(source)), ("command", .string(command)),
      ("tokens", .array(tokens.map { .string($0) })), ("next", .string(next)),
      ("state", .string(models.first.map { $0.layers > 1 ? "h of all layers" : "h" })),
      ("shown", .integer(models.count - 1)),
      (
        "models",
        // What units keep is known of the last one.
        .array(models.enumerated().map { $1.json($0 == models.count - 1 ? notes : [:]) })
      ),
    ]).text
  }
}

extension TextViewData.Model {
  var layers: Int { (units.map(\.name.group.layer).max() ?? 0) + 1 }

  fileprivate func json(_ notes: [UnitName: String]) -> JSONText {
    let scales = units.map { Scale($0.values) }
    var values = Data(capacity: units.count * gradients.steps)
    for (unit, scale) in zip(units, scales) {
      for value in unit.values { values.append(UInt8(bitPattern: scale.level(of: value))) }
    }
    return .object([
      ("label", .string(label)), ("loss", .array(gradients.losses.map { .number($0) })),
      (
        "units",
        .array(
          zip(units, scales).map { unit, scale in
            .object([
              ("name", .string("\(unit.name.group.quantity.symbol)[\(unit.name.unit)]")),
              ("group", .string(unit.name.group.label)), ("note", .string(notes[unit.name] ?? "")),
              ("low", .number(Double(scale.low))), ("high", .number(Double(scale.high))),
            ])
          })
      ),
      ("values", .string(values.base64EncodedString())),
      ("gx", .string(Self.thousandths(gradients.inputs))),
      ("gh", .string(Self.thousandths(gradients.states))),
    ])
  }

  /// The range that a unit's values are written in: symmetric about 0 where they have both signs, so that 0 is in the middle.
  private struct Scale {
    let low, high: Float

    init(_ values: [Float]) {
      let finite = values.filter(\.isFinite)
      let (least, most) = (finite.min() ?? 0, finite.max() ?? 0)
      let bound = max(abs(least), abs(most))
      if least < 0 {
        (low, high) = (-bound, bound)
      } else {
        // Gates, and what is never below 0.
        (low, high) = (0, max(1, bound))
      }
    }

    /// In 127ths of half the range from its middle; −128: no finite number.
    func level(of value: Float) -> Int8 {
      guard value.isFinite else { return -128 }
      guard high > low else { return 0 }
      let level = (value - (low + high) / 2) / ((high - low) / 2) * 127
      return Int8(max(-127, min(127, level.rounded())))
    }
  }

  /// log10 in thousandths as 16-bit integers, lowest byte first; −32768: exactly zero.
  private static func thousandths(_ rows: [[Double]]) -> String {
    var data = Data(capacity: rows.reduce(0) { $0 + 2 * $1.count })
    for row in rows {
      for value in row {
        let level: Int16 =
          value == -.infinity ? .min : Int16(max(-32767, min(32767, (1000 * value).rounded())))
        withUnsafeBytes(of: level.littleEndian) { data.append(contentsOf: $0) }
      }
    }
    return data.base64EncodedString()
  }
}
