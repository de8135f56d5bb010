import GradientFlow
import Specification
import TextFiles

/// A cell as comparisons and figures distinguish cells: its kind and, for an LSTM, its forget bias.
public struct CellVariant: Sendable, Hashable {
  public let cell: CellKind
  /// b_f of an LSTM; nil for other cells.
  public let forgetBias: Double?

  public init(_ parameters: TrialParameters) {
    cell = parameters.cell
    forgetBias = parameters.forgetBias
  }

  /// `rnn`, or `lstm, forget bias 1`.
  public var label: String {
    cell.rawValue + (forgetBias.map { ", forget bias \(CSVField.number($0))" } ?? "")
  }

  /// As sentences have it: `rnn`, `lstm (forget bias 1)`.
  public var name: String {
    cell.rawValue + (forgetBias.map { " (forget bias \(CSVField.number($0)))" } ?? "")
  }

  /// The cell alone where all of its kind have the same forget bias.
  func short(among variants: [CellVariant]) -> String {
    variants.allSatisfy { $0.cell != cell || $0 == self } ? cell.rawValue : label
  }
}
