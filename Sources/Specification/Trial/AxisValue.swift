import GradientFlow
import TextFiles

/// A value of an axis, as identities, CSVs and sentences have it.
package protocol AxisValue: Hashable, Sendable {
  /// For CSVs, headings and captions.
  var label: String { get }
  /// For the JSON that identifies a trial; nil for `none`, which it leaves out.
  var identity: String? { get }
  /// For the JSON of comparisons.
  var json: JSONText { get }
}

extension AxisValue {
  /// Labels are plain ASCII words, so that quotes alone make them JSON.
  package var identity: String? { "\"\(label)\"" }
  package var json: JSONText { .string(label) }
}

extension AxisValue where Self: RawRepresentable<String> {
  package var label: String { rawValue }
}

extension AxisValue where Self: FixedWidthInteger {
  package var label: String { "\(self)" }
  package var identity: String? { "\(self)" }
  package var json: JSONText { .unsigned(UInt64(self)) }
}

extension Double: AxisValue {
  package var label: String { CSVField.number(self) }
  package var identity: String? { shortestDecimal }
  package var json: JSONText { .number(self) }
}

extension Bool: AxisValue {
  package var label: String { self ? "true" : "false" }
  package var identity: String? { label }
  package var json: JSONText { .boolean(self) }
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
  package var label: String { map(\.label) ?? "" }
  package var identity: String? { flatMap(\.identity) }
  package var json: JSONText { map(\.json) ?? .null }
}

extension Truncation: AxisValue {
  package var identity: String? { "[\(k1),\(k2)]" }
}
