/// The order in which people read numbered names: lstm, lstm_1, lstm_2, lstm_10.
enum NaturalOrder {
  /// Whether a path comes before another, part by part: numbers in them by value, all else by its bytes.
  static func precedes(_ a: String, _ b: String) -> Bool {
    var (a, b) = (Substring(a).utf8, Substring(b).utf8)
    while let x = a.first, let y = b.first {
      if isDigit(x) && isDigit(y) {
        let (left, right) = (takeNumber(&a), takeNumber(&b))
        if left.count != right.count { return left.count < right.count }
        if !left.elementsEqual(right) { return left.lexicographicallyPrecedes(right) }
      } else if x != y {
        return rank(x) < rank(y)
      } else {
        a = a.dropFirst()
        b = b.dropFirst()
      }
    }
    return a.isEmpty && !b.isEmpty
  }

  /// The significant digits of the number that a text starts with.
  private static func takeNumber(_ text: inout Substring.UTF8View) -> Substring.UTF8View {
    let digits = text.prefix(while: isDigit)
    text = text.dropFirst(digits.count)
    return digits.drop { $0 == UInt8(ascii: "0") }
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// A part that ends comes before one that continues.
  private static func rank(_ byte: UInt8) -> UInt8 { byte == UInt8(ascii: "/") ? 0 : byte }
}
