import LinearAlgebra

extension ScaledArray {
  /// The sum of two arrays, at the larger one's scale.
  @usableFromInline
  package func adding(_ other: ScaledArray) -> ScaledArray {
    let (mine, theirs) = (largestMagnitude, other.largestMagnitude)
    if theirs.isZero { return self }
    if mine.isZero { return other }
    // Both at one exponent, under which neither overflows.
    let target = max(mine, theirs) == mine ? exponent : other.exponent
    var scale = powerOfTwo(exponent - target)
    var result = ScaledArray(values: values, exponent: target)
    Element.scaleRows(count: 1, width: values.count, scale: &scale, &result.values)
    scale = powerOfTwo(other.exponent - target)
    Element.addScaledRows(count: 1, width: values.count, scale: &scale, other.values, into: &result.values)
    return result
  }
}
