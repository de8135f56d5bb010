/// The noiseless memory problem, for n = 5 the 5-bit problem: n bits, to be said again after a delay; see ``RecallTask``.
///
/// Four channels, one of which is 1 at each step: 0 and 1 for a bit of that value, 2 for the distractor, 3
/// for the cue. Inputs [S, B, 4]; classes [S, B], in 0..<3, where 2 means that no output is due.
///
/// - Note: Source: Martens & Sutskever, ICML 2011; Jaeger, "Long Short-Term Memory in Echo State Networks:
///   Details of a Simulation Study", Jacobs University, technical report 27 (2012); after Hochreiter &
///   Schmidhuber, Neural Computation 9 (1997) 1735.
public struct BitMemorisation: RecallTask {
  /// n.
  public let bits: Int

  public var dataCount: Int { bits }
  public var bitsPerSymbol: Int { 1 }
  public var name: String { "the task of memorising \(bits) bits" }

  /// - Precondition: `bits` is in 1...30.
  public init(bits: Int = 5) {
    precondition((1...30).contains(bits), "1 to 30 bits can be memorised, not \(bits)")
    self.bits = bits
  }
}
