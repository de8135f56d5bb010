extension PanelAxis {
  /// The tics whose names have room in so many ems.
  func tics(in room: Double, isUp: Bool) -> [Tic] {
    guard tics.count > 2, high > low else { return tics }
    let widest = tics.map { Markup.unmarked($0.name).count }.max() ?? 1
    let need = isUp ? 1.5 : 0.6 * Double(widest) + 1
    let nearest = zip(tics, tics.dropFirst()).map { $1.place - $0.place }.min() ?? 1
    let pitch = nearest / (high - low) * room
    guard pitch < need, pitch > 0 else { return tics }
    let stride = Int((need / pitch).rounded(.up))
    // Where 0 is a tic it stays.
    let anchor = tics.firstIndex { $0.place == 0 } ?? 0
    return tics.enumerated().filter { ($0.offset - anchor) % stride == 0 }.map(\.element)
  }
}
