/// How long a measurement took.
public struct MeasurementTime: Sendable, Equatable {
  /// `forward`, `norms` or a ``DiagnosisMeasure``.
  public let name: String
  public let seconds: Double
}

/// Adds up times by name.
struct Stopwatch {
  private(set) var times: [MeasurementTime] = []
  private var since = ContinuousClock.now

  mutating func start() { since = .now }

  mutating func note(_ name: String) {
    let parts = (ContinuousClock.now - since).components
    let seconds = Double(parts.seconds) + Double(parts.attoseconds) * 1e-18
    if let place = times.firstIndex(where: { $0.name == name }) {
      times[place] = MeasurementTime(name: name, seconds: times[place].seconds + seconds)
    } else {
      times.append(MeasurementTime(name: name, seconds: seconds))
    }
    start()
  }
}
