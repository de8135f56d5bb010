import Foundation
import GradientFlow
import Machine

/// Everything of known value that this package checks itself against, apart from the reference cases: closed forms,
/// numbers of other programs, and theories for wide networks against networks. All through its public code.
public enum ExactValues {
  /// How much is computed.
  public enum Effort: Sendable {
    /// Small sizes, without simulations of wide networks: seconds.
    case quick
    /// Sizes of the tables it is compared with: minutes.
    case whole
  }
}

/// Works on items on all cores; results in the order of the items.
package func concurrently<Item: Sendable, Result: Sendable>(
  _ items: some Sequence<Item>, _ work: @escaping @Sendable (Item) throws -> Result
) async throws -> [Result] {
  var results: [Result] = []
  try await inOrder(Array(items), jobs: ProcessInfo.processInfo.activeProcessorCount) {
    try work($0)
  } take: {
    results.append($0)
  }
  return results
}
