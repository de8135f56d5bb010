/// Which steps of a diagnosed trial are kept. Every number that is made of steps, as a decay rate, is made of all of them
/// before some are left out, so that it does not depend on this.
public enum StepRecording: String, Sendable, Hashable, CaseIterable {
  /// All of them.
  case every
  /// By lag T − t: all lags below 128, then 64 of each octave, evenly spaced: every second from 128 on, every fourth from
  /// 256, every eighth from 512 …; and t = 0 and 1, whatever their lag. So the lags of a shorter sequence are lags of a
  /// longer one, and neighbours are 0.8 to 1.6 % apart.
  case logSpaced = "log-spaced"

  /// Leading binary digits of a lag that is kept, beyond which it has zeros.
  private static let digits = 7
  /// Below it, all lags are kept.
  package static let fineLags = 1 << digits

  /// Whether a lag is kept, whatever T is.
  package func keeps(lag: Int) -> Bool {
    guard self == .logSpaced, lag >= Self.fineLags else { return true }
    return lag.trailingZeroBitCount >= Int.bitWidth - lag.leadingZeroBitCount - Self.digits
  }

  /// The steps t = 0…T that are kept, ascending; nil for all.
  ///
  /// - Parameters:
  ///   - steps: T.
  ///   - after: steps that follow in another part of the network. Of an encoder, whose lags are counted to its own end and
  ///     to the decoder's, those are kept that either count keeps.
  /// - Complexity: O(log T).
  package func times(steps: Int, after: Int = 0) -> [Int]? {
    guard self == .logSpaced, steps >= Self.fineLags else { return nil }
    var kept: Set = [0, 1]
    for shift in after > 0 ? [0, after] : [0] {
      var lag = 0
      while lag <= steps + shift {
        if lag >= shift { kept.insert(steps + shift - lag) }
        let octave = Int.bitWidth - lag.leadingZeroBitCount - Self.digits
        lag += 1 << max(0, octave)
      }
    }
    return kept.count == steps + 1 ? nil : kept.sorted()
  }

  /// How many rows t = 0…T there are.
  ///
  /// - Complexity: O(1) without steps that follow.
  package func rows(steps: Int, after: Int = 0) -> Int {
    guard self == .logSpaced, steps >= Self.fineLags else { return steps + 1 }
    if after > 0 { return times(steps: steps, after: after)?.count ?? steps + 1 }
    // Half as many as the fine lags in each octave: in those before T's, then as far as T.
    let octave = Int.bitWidth - 1 - steps.leadingZeroBitCount
    let spacing = octave + 1 - Self.digits
    let last = ((steps - (1 << octave)) >> spacing) + 1
    let lags = Self.fineLags + (octave - Self.digits) * Self.fineLags / 2 + last
    return lags + [steps - 1, steps].count { !keeps(lag: $0) }
  }
}
