// swift-format-ignore-file: AlwaysUseLowerCamelCase

/// Philox4x64-10, the counter-based generator of Salmon et al.
///
/// A block of four 64-bit words is a pure function of a 128-bit key and a 256-bit counter, so streams
/// never depend on the order in which they are used. Equals NumPy's `Philox` bit for bit:
/// `Philox(key: (k0, k1), counter: (c0, c1, c2, c3))` gives the words of
/// `numpy.random.Philox(key=k0 + (k1 << 64), counter=c0 + (c1 << 64) + …).random_raw()`.
///
/// - Note: Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011, §3.2;
///   the order of words is NumPy's (the counter is incremented before each block).
public struct Philox: Sendable, RandomNumberGenerator {
  private var counter: (UInt64, UInt64, UInt64, UInt64)
  private let key: (UInt64, UInt64)
  private var block: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
  private var used = 4

  /// A stream that starts at the block after `counter`.
  public init(
    key: (UInt64, UInt64), counter: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
  ) {
    self.key = key
    self.counter = counter
  }

  /// The next word of the stream.
  @inline(__always)
  public mutating func next() -> UInt64 {
    if used == 4 {
      increment()
      block = Self.block(key: key, counter: counter)
      used = 0
    }
    defer { used += 1 }
    switch used {
    case 0: return block.0
    case 1: return block.1
    case 2: return block.2
    default: return block.3
    }
  }

  /// The four words that belong to a key and a counter: ten rounds of multiply and mix.
  public static func block(
    key: (UInt64, UInt64), counter: (UInt64, UInt64, UInt64, UInt64)
  ) -> (UInt64, UInt64, UInt64, UInt64) {
    let multipliers: (UInt64, UInt64) = (0xD2E7_470E_E14C_6C93, 0xCA5A_8263_9512_1157)
    let weyl: (UInt64, UInt64) = (0x9E37_79B9_7F4A_7C15, 0xBB67_AE85_84CA_A73B)
    var (x0, x1, x2, x3) = counter
    var (k0, k1) = key
    for round in 0..<10 {
      if round > 0 {
        k0 &+= weyl.0
        k1 &+= weyl.1
      }
      let a = x0.multipliedFullWidth(by: multipliers.0)
      let b = x2.multipliedFullWidth(by: multipliers.1)
      (x0, x1, x2, x3) = (b.high ^ x1 ^ k0, b.low, a.high ^ x3 ^ k1, a.low)
    }
    return (x0, x1, x2, x3)
  }

  private mutating func increment() {
    counter.0 &+= 1
    if counter.0 == 0 {
      counter.1 &+= 1
      if counter.1 == 0 {
        counter.2 &+= 1
        if counter.2 == 0 { counter.3 &+= 1 }
      }
    }
  }
}
