import Foundation

/// One owned, zero-initialised block of memory, aligned to a cache line and freed when it goes out of scope.
///
/// Time loops carve their rows out of such blocks, so that nothing is allocated inside the loop.
public struct AlignedBuffer<Element: BitwiseCopyable>: ~Copyable {
  /// Start of the block; valid as long as the buffer lives.
  public let base: UnsafeMutablePointer<Element>
  /// Number of elements.
  public let count: Int

  /// A block whose bytes are all 0, which is the number 0 in every type it is used with.
  ///
  /// - Parameter count: number of elements, ≥ 0.
  public init(count: Int) {
    precondition(count >= 0, "a buffer cannot hold \(count) elements")
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Element>.stride, alignment: 64)
    base = raw.bindMemory(to: Element.self, capacity: max(count, 1))
    memset(raw, 0, max(count, 1) * MemoryLayout<Element>.stride)
    self.count = count
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  /// A copy of the elements.
  public func array() -> [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }
}
