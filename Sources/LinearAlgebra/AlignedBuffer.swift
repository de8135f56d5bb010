import Foundation

/// One owned, zero-initialised block of memory, aligned to a cache line and freed when it goes out of scope.
///
/// Time loops carve their rows out of such blocks, so that nothing is allocated inside the loop. A large block comes
/// straight from the system, which hands out zero pages as they are first written: what is never used takes no
/// memory, and huge pages, where there are any, spare the long passes most of their page faults.
public struct AlignedBuffer<Element: BitwiseCopyable>: ~Copyable {
  /// Start of the block; valid as long as the buffer lives.
  public let base: UnsafeMutablePointer<Element>
  /// Number of elements.
  public let count: Int
  /// Bytes that were mapped; 0 for a block of the heap.
  private let mappedBytes: Int

  /// A block whose bytes are all 0, which is the number 0 in every type it is used with.
  ///
  /// - Parameter count: number of elements, ≥ 0.
  public init(count: Int) {
    precondition(count >= 0, "a buffer cannot hold \(count) elements")
    let bytes = max(count, 1) * MemoryLayout<Element>.stride
    self.count = count
    if bytes >= largeBlock, let block = mapped(bytes) {
      base = block.bindMemory(to: Element.self, capacity: count)
      mappedBytes = bytes
    } else {
      let block = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      memset(block, 0, bytes)
      base = block.bindMemory(to: Element.self, capacity: max(count, 1))
      mappedBytes = 0
    }
  }

  deinit {
    if mappedBytes > 0 {
      munmap(base, mappedBytes)
    } else {
      UnsafeMutableRawPointer(base).deallocate()
    }
  }

  /// A copy of the elements.
  public func array() -> [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }
}

/// From 8 MiB on a block is mapped; below, the allocator's reuse of warm memory is worth more.
private let largeBlock = 1 << 23

/// Zero pages of the system; nil if it has none to give.
private func mapped(_ bytes: Int) -> UnsafeMutableRawPointer? {
  guard
    let block = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
    block != MAP_FAILED
  else { return nil }
  #if os(Linux)
    _ = madvise(block, bytes, Int32(MADV_HUGEPAGE))
  #endif
  return block
}
