import LinearAlgebra

extension RandomStream {
  /// `count` independent integers, uniform in 0..<2^bits; as many as fit come from one draw.
  ///
  /// - Precondition: `bits` is in 1...62.
  mutating func integers(_ count: Int, bits: Int) -> [Int] {
    precondition((1...62).contains(bits), "integers of \(bits) bits do not come from draws of 62")
    let perDraw = 62 / bits
    let mask = 1 << bits - 1
    var values = [Int](repeating: 0, count: count)
    var word = 0
    for k in 0..<count {
      if k % perDraw == 0 { word = integer(below: 1 << 62) }
      values[k] = word & mask
      word >>= bits
    }
    return values
  }
}
