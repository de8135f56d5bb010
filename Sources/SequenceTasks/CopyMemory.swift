/// The copying memory problem: ten symbols out of eight, to be said again after a delay T = S − 20; see ``RecallTask``.
///
/// Inputs [S, B, 10]; classes [S, B], in 0..<9.
///
/// - Note: Source: Arjovsky, Shah & Bengio, ICML 2016 (arXiv 1511.06464), §5.1; after Hochreiter &
///   Schmidhuber, Neural Computation 9 (1997) 1735.
public struct CopyMemory: RecallTask {
  public var dataCount: Int { 10 }
  public var bitsPerSymbol: Int { 3 }
  public var name: String { "the copy memory task" }

  public init() {}
}
