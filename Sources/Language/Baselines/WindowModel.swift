/// A softmax on the last k tokens, each at its own distance: the autoregressive model of a fixed window.
///
///     y = b + Σ_{j=1…k} W_j[x_{t−j}]        logits of V tokens
///     p(w | x_{t−1}, …, x_{t−k}) = exp y_w / Σ_v exp y_v
///
/// It sees what stands where, but no two tokens together; with k = 0 it is a unigram model. A token before
/// the start of the text adds nothing to y. Training reads nothing before the training range.
///
/// Weights start at zero and are trained by ``WindowSoftmax/update(towards:rate:)``, one position at a time.
/// The loss is convex. Positions are visited in steps of the golden section of the range, rounded to a number
/// without a common divisor: every one once a pass, neighbours far apart, and the same way each time.
public struct WindowModel: Sendable {
  /// The largest V: a pass costs V operations for each token of the window of each position.
  public static let largestVocabulary = 512

  /// V.
  public let vocabulary: Int
  /// k.
  public let window: Int
  /// Mean −ln p of the validation range after each pass, in nats per token; NaN if the range is empty.
  public let validationLosses: [Double]
  private let weights: [SIMD8<Float>]

  /// The model as it was after the pass that is best on the validation range; the last pass, if that is
  /// empty.
  ///
  /// - Parameters:
  ///   - tokens: each in 0..<vocabulary.
  ///   - window: k ≥ 0.
  ///   - passes: how often each training position is visited, ≥ 1.
  ///   - rate: η; the losses of texts of characters are flat around 1.
  /// - Returns: nil if V is above ``largestVocabulary``.
  /// - Complexity: O(passes · n k V); float32.
  public init?(
    tokens: [Int32], vocabulary: Int, window: Int, training: Range<Int>, validation: Range<Int>,
    passes: Int = 3, rate: Float = 1
  ) {
    guard vocabulary <= Self.largestVocabulary else { return nil }
    precondition(vocabulary >= 1 && window >= 0 && passes >= 1, "no such model")
    checkText(tokens, vocabulary: vocabulary, ranges: [training, validation])
    var softmax = WindowSoftmax(vocabulary: vocabulary, window: window)
    var best = softmax.weights
    var losses: [Double] = []
    tokens.withUnsafeBufferPointer { tokens in
      for _ in 0..<passes {
        softmax.visit(tokens, training, rate: rate)
        let loss = softmax.loss(tokens, validation)
        // NaN, without a validation range, is never reached before.
        if !losses.contains(where: { $0 <= loss }) { best = softmax.weights }
        losses.append(loss)
      }
    }
    (self.vocabulary, self.window, validationLosses, weights) = (vocabulary, window, losses, best)
  }

  /// ln p of the tokens of a range, each with the text before it.
  ///
  /// - Complexity: O(n k V).
  public func logProbabilities(tokens: [Int32], of range: Range<Int>) -> [Double] {
    checkText(tokens, vocabulary: vocabulary, ranges: [range])
    var softmax = WindowSoftmax(vocabulary: vocabulary, window: window, weights: weights)
    return tokens.withUnsafeBufferPointer { tokens in
      range.map { -Double(softmax.predict(tokens, at: $0, from: 0)) }
    }
  }

  /// Mean −ln p of the tokens of a range, in nats per token; NaN for an empty one.
  public func loss(tokens: [Int32], on range: Range<Int>) -> Double {
    checkText(tokens, vocabulary: vocabulary, ranges: [range])
    var softmax = WindowSoftmax(vocabulary: vocabulary, window: window, weights: weights)
    return tokens.withUnsafeBufferPointer { softmax.loss($0, range) }
  }
}

extension WindowSoftmax {
  /// Visits each position of a range once.
  fileprivate mutating func visit(_ tokens: UnsafeBufferPointer<Int32>, _ range: Range<Int>, rate: Float) {
    let step = goldenStep(range.count)
    var place = 0
    for _ in range {
      let position = range.lowerBound + place
      _ = predict(tokens, at: position, from: range.lowerBound)
      update(towards: Int(tokens[position]), rate: rate)
      place += step
      if place >= range.count { place -= range.count }
    }
  }

  /// Mean −ln p.
  fileprivate mutating func loss(_ tokens: UnsafeBufferPointer<Int32>, _ range: Range<Int>) -> Double {
    var sum = 0.0
    for position in range { sum += Double(predict(tokens, at: position, from: 0)) }
    return sum / Double(range.count)
  }
}

/// An odd number near n (√5 − 1) / 2 that has no divisor in common with n.
private func goldenStep(_ n: Int) -> Int {
  var step = Int(Double(n) * (5.0.squareRoot() - 1) / 2) | 1
  while greatestCommonDivisor(step, n) > 1 { step += 2 }
  return step
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  b == 0 ? a : greatestCommonDivisor(b, a % b)
}
