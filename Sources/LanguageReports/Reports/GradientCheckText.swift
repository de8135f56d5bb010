import Foundation
import GradientFlow

/// A gradient check as min-char-rnn prints it: for each weight `analytic, numerical => relative error`.
public struct GradientCheckText {
  public let text: String

  public init(_ check: GradientCheck) {
    text = check.parameters.map { parameter in
      parameter.name + "\n"
        + parameter.entries.map { entry in
          String(
            format: "%.6e, %.6e => %.3e\n", entry.analytic, entry.numerical, entry.relativeError)
        }.joined()
    }.joined()
  }
}
