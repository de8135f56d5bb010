import Foundation
import LinearAlgebra

/// Moves rows of `width` numbers, each as one piece of memory.
///
/// Row k of `source`, or row `order[k]`, becomes row k of `target`, or row `places[k]`; rows begin `stride` apart.
@usableFromInline
func copyRows<Element: Scalar>(
  _ count: Int, width: Int, from source: UnsafePointer<Element>, stride: Int, order: [Int]? = nil,
  to target: UnsafeMutablePointer<Element>, stride targetStride: Int, places: ArraySlice<Int>? = nil
) {
  let size = MemoryLayout<Element>.stride
  let (from, to) = (UnsafeRawPointer(source), UnsafeMutableRawPointer(target))
  let (fromStride, toStride, bytes) = (stride * size, targetStride * size, width * size)
  if let order {
    for k in 0..<count { memcpy(to + k * toStride, from + order[k] * fromStride, bytes) }
  } else if let places {
    for (k, place) in places.enumerated() { memcpy(to + place * toStride, from + k * fromStride, bytes) }
  } else if fromStride == bytes, toStride == bytes {
    memcpy(to, from, count * bytes)
  } else {
    for k in 0..<count { memcpy(to + k * toStride, from + k * fromStride, bytes) }
  }
}

extension Array where Element: Scalar {
  /// Rows [count, width] that are written by a caller.
  @usableFromInline
  init(writing count: Int, _ write: (UnsafeMutablePointer<Element>) -> Void) {
    self.init(unsafeUninitializedCapacity: count) { buffer, filled in
      if let base = buffer.baseAddress { write(base) }
      filled = count
    }
  }
}
