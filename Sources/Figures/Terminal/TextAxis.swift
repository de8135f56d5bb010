/// An axis along so many characters.
///
/// A band for zeros, infinities or gaps has characters of its own, so that what is in it cannot be taken for a value.
struct TextAxis: Sendable {
  let axis: PanelAxis
  /// Characters.
  let count: Int
  /// Parts of the axis, ascending, with where each begins and ends.
  private let parts: [(low: Double, high: Double, from: Double, to: Double)]

  /// - Parameter band: the characters of a band.
  init(_ axis: PanelAxis, count: Int, band: Int) {
    (self.axis, self.count) = (axis, count)
    let cuts = ([axis.low, axis.high] + axis.bands.flatMap { [$0.low, $0.high] })
      .filter { $0 >= axis.low && $0 <= axis.high }.sorted()
    let pieces = zip(cuts, cuts.dropFirst()).filter { $0 < $1 }
    func isBand(_ low: Double, _ high: Double) -> Bool {
      axis.bands.contains { ($0.low...$0.high).contains(low / 2 + high / 2) }
    }
    let bands = pieces.count { isBand($0, $1) }
    let rest = pieces.filter { !isBand($0, $1) }.reduce(0) { $0 + ($1.1 - $1.0) }
    let room = Double(count - bands * band)
    var (parts, place): ([(low: Double, high: Double, from: Double, to: Double)], Double) = ([], 0)
    if bands > 0, rest > 0, room >= Double(2 * band) {
      for (low, high) in pieces {
        let size = isBand(low, high) ? Double(band) : room * (high - low) / rest
        parts.append((low, high, place, place + size))
        place += size
      }
    } else {
      parts = [(axis.low, axis.high, 0, Double(count))]
    }
    self.parts = parts
  }

  /// Where a place of the axis is, in characters from its lower end; nil for no number.
  ///
  /// Beyond the ends it goes on at the same pace.
  func position(_ place: Double) -> Double? {
    guard !place.isNaN, let part = parts.first(where: { place <= $0.high }) ?? parts.last else { return nil }
    guard part.high > part.low else { return Double(count) / 2 }
    let share = (place - part.low) / (part.high - part.low)
    // The ends themselves are inside, whatever is lost in the last digit.
    let position = part.from + share * (part.to - part.from)
    if position > -1e-9, position < 0 { return 0 }
    if position > Double(count), position < Double(count) + 1e-9 { return Double(count) }
    return position
  }

  /// Where a number of the data is.
  func position(of value: Double) -> Double? { position(axis.place(value)) }

  /// The character of a place, counted from the lower end; nil beyond the ends.
  func character(_ place: Double) -> Int? {
    guard let position = position(place), position >= 0, position <= Double(count) else { return nil }
    return min(count - 1, Int(position))
  }

  /// The borders of bands, as places.
  var borders: [Double] {
    axis.bands.flatMap { [$0.low, $0.high] }.filter { $0 > axis.low && $0 < axis.high }
  }

  /// The tics whose names have room, and the bands, by the characters they are at.
  ///
  /// - Parameters:
  ///   - isUp: whether names stand above one another.
  ///   - gap: characters between two names.
  func tics(isUp: Bool, gap: Int) -> [(at: Int, name: String)] {
    func named(_ place: Double, _ name: String) -> (at: Int, name: String)? {
      character(place).map { ($0, TextWidth.harmless(Markup.unmarked(name))) }
    }
    let bands = axis.bands.compactMap { named($0.middle, $0.name) }
    func size(_ name: String) -> Double { isUp ? 1 : Double(TextWidth.of(name)) }
    func haveRoom(_ tics: [(at: Int, name: String)], gap: Int) -> Bool {
      zip(tics, tics.dropFirst()).allSatisfy {
        Double($1.at - $0.at) >= (size($0.name) + size($1.name)) / 2 + Double(gap)
      }
    }
    let all = axis.tics
    let anchor = all.firstIndex { $0.place == 0 } ?? 0
    for stride in 1...max(1, all.count) {
      let tics = all.enumerated().filter { ($0.offset - anchor) % stride == 0 }.compactMap {
        named($0.element.place, $0.element.name)
      }
      guard haveRoom(tics, gap: gap) || stride == all.count else { continue }
      // A band's name comes before a tic's.
      let free = tics.filter { tic in
        bands.allSatisfy { haveRoom([$0, tic].sorted { $0.at < $1.at }, gap: 0) }
      }
      return (bands + free).sorted { $0.at < $1.at }
    }
    return bands
  }
}
