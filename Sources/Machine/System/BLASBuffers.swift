import GradientFlow

/// The buffers that OpenBLAS maps, one for each thread that multiplies at the same time. Where the system refuses one, as
/// `ulimit -v` has it, OpenBLAS asks again for ever: so the first is mapped before anything else takes its place, and
/// there are no more threads than there is room for.
package enum BLASBuffers {
  /// Of one; address space, which costs no memory until it is used.
  private static let bytes = Double(32 << 22)
  /// A product of this size takes a buffer in any build.
  private static let size = 128

  /// Whether the first buffer is there, or address space is not limited. Mapped when first asked for, where there is room.
  private static let hasFirst: Bool = {
    guard let left = AddressSpace.left else { return true }
    guard left > 1.25 * bytes else { return false }
    // A second thread inside the product would want a buffer too.
    BLASEnvironment.useOneThread()
    let zeros = [Double](repeating: 0, count: size * size)
    var product = zeros
    Double.multiply(m: size, n: size, k: size, zeros, zeros, into: &product)
    return true
  }()

  /// Bytes of address space that are left beside the first buffer; nil without a limit.
  package static var left: Double? {
    let taken = hasFirst ? 0 : bytes
    return AddressSpace.left.map { max(0, $0 - taken) }
  }

  /// How many threads may multiply at a time, so that half of the address space is left for other things; 1 at least.
  package static func threads(atMost wanted: Int) -> Int {
    guard let left else { return wanted }
    return max(1, min(wanted, 1 + Int(left / 2 / bytes)))
  }
}
