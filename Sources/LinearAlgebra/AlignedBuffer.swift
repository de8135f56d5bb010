import Foundation

/// One owned block of memory, aligned to a cache line and freed when it goes out of scope.
///
/// Time loops carve their rows out of such blocks, so that nothing is allocated inside the loop. A very large block
/// comes straight from the system, which hands out pages as they are first touched: what is never used takes no
/// memory, and huge pages, where there are any, spare long passes most of their page faults.
public struct AlignedBuffer<Element: BitwiseCopyable>: ~Copyable {
  /// Start of the block; valid as long as the buffer lives. An empty buffer takes no memory.
  public let base: UnsafeMutablePointer<Element>
  /// Number of elements.
  public let count: Int
  /// The block as it was handed out, and its bytes if it was mapped; 0 for a block of the heap.
  private let block: UnsafeMutableRawPointer?
  private let mappedBytes: Int

  /// A block whose bytes are all 0, which is the number 0 in every type it is used with.
  ///
  /// - Parameter count: number of elements, ≥ 0.
  public init(count: Int) {
    self.init(uninitializedCount: count)
    if mappedBytes == 0 { memset(base, 0, count * MemoryLayout<Element>.stride) }
  }

  /// A block for a caller that writes every element before it reads it.
  public init(uninitializedCount count: Int) {
    precondition(count >= 0, "a buffer cannot hold \(count) elements")
    let bytes = count * MemoryLayout<Element>.stride
    self.count = count
    if count == 0 {
      // An address that is no one's.
      base = UnsafeMutablePointer(bitPattern: 64)!
      block = nil
      mappedBytes = 0
    } else if bytes >= largeBlock, let mapping = mapped(bytes) {
      block = mapping
      mappedBytes = bytes
      base = mapping.bindMemory(to: Element.self, capacity: count)
    } else {
      // Room to move to a cache line: far cheaper than to ask the allocator for one.
      guard let plain = malloc(bytes + 63) else { fatalError("no memory for \(bytes) bytes") }
      block = plain
      mappedBytes = 0
      base = plain.alignedUp(toMultipleOf: 64).bindMemory(to: Element.self, capacity: count)
    }
  }

  deinit {
    if let block, mappedBytes > 0 {
      munmap(block, mappedBytes)
    } else {
      free(block)
    }
  }

  /// Sets every byte to 0.
  @inlinable
  public func zero() { memset(base, 0, count * MemoryLayout<Element>.stride) }

  /// A copy of the elements.
  @inlinable
  public func array() -> [Element] { Array(UnsafeBufferPointer(start: base, count: count)) }
}

/// From 32 MiB on a block is mapped; below, the allocator reuses memory that is warm already.
private let largeBlock = 1 << 25

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
