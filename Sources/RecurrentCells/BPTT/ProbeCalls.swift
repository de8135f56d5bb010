import LinearAlgebra

/// Any probe behind its calls: one type for all of them, so that what is generic in a probe is compiled once.
@usableFromInline
struct ProbeCalls<Element: Scalar>: BackwardProbe {
  // Functions without captures: nothing is allocated.
  @usableFromInline let probe: UnsafeMutableRawPointer
  @usableFromInline let arriving: (UnsafeMutableRawPointer, GradientArrival<Element>) -> Void
  @usableFromInline let stepping: (UnsafeMutableRawPointer, GradientStep<Element>) -> Void
  @usableFromInline let finishing: (UnsafeMutableRawPointer) -> Void

  /// The calls of a probe, which must outlive them.
  @inlinable
  init<Probe: BackwardProbe & ~Copyable>(to probe: UnsafeMutablePointer<Probe>)
  where Probe.Element == Element {
    self.probe = UnsafeMutableRawPointer(probe)
    arriving = { $0.assumingMemoryBound(to: Probe.self).pointee.arrive($1) }
    stepping = { $0.assumingMemoryBound(to: Probe.self).pointee.step($1) }
    finishing = { $0.assumingMemoryBound(to: Probe.self).pointee.finish() }
  }

  @inlinable mutating func arrive(_ arrival: GradientArrival<Element>) { arriving(probe, arrival) }
  @inlinable mutating func step(_ step: GradientStep<Element>) { stepping(probe, step) }
  @inlinable mutating func finish() { finishing(probe) }
}
