import LinearAlgebra
import RecurrentCells

/// The probes whose series every diagnosis records as further columns of `timesteps.csv`, in this order.
///
/// A new one is named here and nowhere else; a second stands beside it in a ``ProbePair``:
///
///     public typealias AddedProbes<Element: Scalar> = ProbePair<FirstProbe<Element>, SecondProbe<Element>>
///
/// The store, memory estimates and the CSV follow. Columns are never taken away or put in another order: what reads a file
/// counts on them.
public typealias AddedProbes<Element: Scalar> = NoProbe<Element>
