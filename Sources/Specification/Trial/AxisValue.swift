import GradientFlow

/// A value of an axis, as identities, CSVs and sentences have it.
protocol AxisValue: Hashable, Sendable {
  /// For CSVs, headings and captions.
  var label: String { get }
  /// For the JSON that identifies a trial.
  var identity: String { get }
  /// For the JSON of comparisons.
  var json: JSONText { get }
}

extension AxisValue {
  /// Labels are plain ASCII words, so that quotes alone make them JSON.
  var identity: String { "\"\(label)\"" }
  var json: JSONText { .string(label) }
}

extension AxisValue where Self: RawRepresentable<String> {
  var label: String { rawValue }
}

extension AxisValue where Self: FixedWidthInteger {
  var label: String { "\(self)" }
  var identity: String { "\(self)" }
  var json: JSONText { .unsigned(UInt64(self)) }
}

extension Double: AxisValue {
  var label: String { CSVField.number(self) }
  var identity: String { shortestDecimal }
  var json: JSONText { .number(self) }
}

extension Int: AxisValue {}
extension UInt64: AxisValue {}
extension CellKind: AxisValue {}
extension Initializer: AxisValue {}
extension LossKind: AxisValue {}
extension Precision: AxisValue {}
extension GradientRule: AxisValue {}
extension Optimiser: AxisValue {}
extension LearningRateSchedule: AxisValue {}

/// Of an axis on which `none` is a value.
extension Optional: AxisValue where Wrapped: AxisValue {
  var label: String { map(\.label) ?? "" }
  var identity: String { map(\.identity) ?? "null" }
  var json: JSONText { map(\.json) ?? .null }
}

extension Truncation: AxisValue {
  var identity: String { "[\(k1),\(k2)]" }
}
