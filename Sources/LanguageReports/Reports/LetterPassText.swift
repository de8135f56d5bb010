import Foundation
import GradientFlow
import TextFiles

/// A pass through a word as text: every number of the way forward and back, aligned.
public struct LetterPassText {
  private let pass: LetterPass
  /// Of a line; nil: as long as it is.
  private let width: Int?

  public init(_ pass: LetterPass, width: Int?) { (self.pass, self.width) = (pass, width) }

  public var text: String {
    [forward, backward, contributions].joined(separator: "\n")
  }

  /// Inputs to losses.
  private var forward: String {
    let letters = pass.letters.joined(separator: " ")
    let titles = [
      "t", "reads", "x_t (\(letters))", "h_t", "y_t (\(letters))", "p_t (\(letters))", "target", "−ln p",
    ]
    let rows = pass.steps.enumerated().map { k, step -> [String] in
      [
        "\(k + 1)", pass.letters[step.input],
        pass.letters.indices.map { $0 == step.input ? "1" : "0" }.joined(separator: " "),
        Self.list(step.hidden), Self.list(step.logits), Self.list(step.probabilities, decimals: 3),
        pass.letters[step.target], Self.plain(step.loss),
      ]
    }
    return """
      Forward: h_t = tanh(W_xh x_t + W_hh h_{t−1} + b_h), y_t = W_hy h_t + b_y, p_t = softmax(y_t)

      \(AlignedRows.text([titles] + rows, width: width))
        loss L = mean of −ln p: \(Self.plain(pass.loss)) nats, perplexity \(Brief.number(exp(pass.loss)))\
       (all letters alike: ln \(pass.letters.count) = \(Self.plain(log(Double(pass.letters.count)))), \
      perplexity \(pass.letters.count))

      """
  }

  /// From the losses back to the preactivations.
  private var backward: String {
    let letters = pass.letters.joined(separator: " ")
    let titles = [
      "t", "∂L/∂y_t (\(letters))", "∂L/∂h_t from y_t", "from step t + 1", "∂L/∂h_t", "∂L/∂a_t",
    ]
    let rows = pass.steps.enumerated().reversed().map { k, step -> [String] in
      [
        "\(k + 1)", Self.list(step.logitGradient, decimals: 3),
        Self.list(step.immediateGradient, decimals: 3),
        Self.list(zip(step.hiddenGradient, step.immediateGradient).map { $0 - $1 }, decimals: 3),
        Self.list(step.hiddenGradient, decimals: 3), Self.list(step.preactivationGradient, decimals: 3),
      ]
    }
    return """
      Backward: ∂L/∂y_t = (p_t − target)/T, ∂L/∂h_t = W_hyᵀ ∂L/∂y_t + W_hhᵀ ∂L/∂a_{t+1}, ∂L/∂a_t = (1 − h_t²) ∂L/∂h_t

      \(AlignedRows.text([titles] + rows, width: width))
      """
  }

  /// What each step adds to the gradient of each weight.
  private var contributions: String {
    let titles =
      ["weight", "value"] + pass.steps.indices.map { "t = \($0 + 1)" } + ["∂L/∂weight"]
    let rows = pass.weights.flatMap { weights in
      weights.values.indices.map { k -> [String] in
        [name(k, of: weights), Self.number(weights.values[k])]
          + weights.contributions.map { Self.number($0[k], decimals: 4) }
          + [Self.number(weights.gradient[k], decimals: 4)]
      }
    }
    return """
      Each step's contribution to the gradient of each weight, and their sum: ∂L/∂W_xh = Σ_t ∂L/∂a_t x_tᵀ, \
      ∂L/∂W_hh = Σ_t ∂L/∂a_t h_{t−1}ᵀ, ∂L/∂W_hy = Σ_t ∂L/∂y_t h_tᵀ

      \(AlignedRows.text([titles] + rows, width: width))
      """
  }

  /// `W_xh[2,l]`: rows and columns by unit, from 1, or by letter.
  private func name(_ k: Int, of weights: LetterPass.Weights) -> String {
    let (row, column) = (k / weights.columns, k % weights.columns)
    let saysLetters = weights.symbol == "W_hy" || weights.symbol == "b_y"
    let first = saysLetters ? pass.letters[row] : "\(row + 1)"
    guard weights.columns > 1 else { return "\(weights.symbol)[\(first)]" }
    return "\(weights.symbol)[\(first),\(weights.symbol == "W_xh" ? pass.letters[column] : "\(column + 1)")]"
  }

  private static func list(_ values: [Double], decimals: Int = 2) -> String {
    values.map { number($0, decimals: decimals) }.joined(separator: " ")
  }

  /// As wide for either sign; a space as wide as a digit is no place to break a cell at.
  private static func number(_ value: Double, decimals: Int = 3) -> String {
    // −0.000 is a small number, 0 is none.
    if value == 0 { return "\u{2007}0" + String(repeating: "\u{2007}", count: decimals + 1) }
    let text = plain(value.magnitude, decimals: decimals)
    return (value < 0 ? "−" : "\u{2007}") + text
  }

  private static func plain(_ value: Double, decimals: Int = 3) -> String {
    String(format: "%.\(decimals)f", value)
  }
}

/// The same for programs.
extension LetterPassText {
  public var json: JSONText {
    func numbers(_ values: [Double]) -> JSONText { .array(values.map { .number($0) }) }
    return .object([
      ("letters", .array(pass.letters.map { .string($0) })), ("loss", .number(pass.loss)),
      (
        "steps",
        .array(
          pass.steps.map { step in
            .object([
              ("reads", .string(pass.letters[step.input])), ("target", .string(pass.letters[step.target])),
              ("h", numbers(step.hidden)), ("y", numbers(step.logits)), ("p", numbers(step.probabilities)),
              ("loss", .number(step.loss)), ("grad_y", numbers(step.logitGradient)),
              ("grad_h_immediate", numbers(step.immediateGradient)), ("grad_h", numbers(step.hiddenGradient)),
              ("grad_a", numbers(step.preactivationGradient)),
            ])
          })
      ),
      (
        "weights",
        .object(
          pass.weights.map { weights in
            (
              weights.symbol,
              .object([
                ("shape", .array([.integer(weights.rows), .integer(weights.columns)])),
                ("values", numbers(weights.values)), ("gradient", numbers(weights.gradient)),
                ("contributions", .array(weights.contributions.map(numbers))),
              ])
            )
          })
      ),
    ])
  }
}
