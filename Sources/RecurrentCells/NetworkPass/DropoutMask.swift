import LinearAlgebra

/// What multiplies the outputs of one layer [rows, D·H]: 0 with probability p, otherwise 1/(1 − p), so that their
/// expectation stays.
///
/// Number k is 0 where the k-th uniform number of its stream is below p: `random(rows · D·H) < p` in NumPy.
@usableFromInline
package struct DropoutMask<Element: Scalar> {
  package let values: [Element]

  /// - Parameter part: the number of the layer whose outputs it is of; those of an encoder follow on the others.
  /// - Precondition: 0 ≤ p < 1.
  package init(_ draw: DropoutDraw, count: Int, part: Int) {
    precondition(draw.rate >= 0 && draw.rate < 1, "a dropout rate p must be 0 ≤ p < 1, not \(draw.rate)")
    guard let iteration = UInt32(exactly: draw.iteration) else {
      preconditionFailure("update \(draw.iteration) has no dropout mask: there are 2^32")
    }
    var stream = RandomStream(
      rootSeed: draw.rootSeed, trialSeed: draw.seed, purpose: .dropout(iteration: iteration),
      part: UInt64(part))
    values = Element.array(stream.mask(count, zeroRate: draw.rate))
  }
}
