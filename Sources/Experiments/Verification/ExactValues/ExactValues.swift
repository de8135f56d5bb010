import Foundation
import GradientFlow

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

  static let sources: [any ExactValueSource] = [
    GaussianProducts(), HenonMap(), LinearNetworks(), AutonomousNetworks(), MeanFieldSlopes(),
    TiedLSTMGradients(), ForgetBiasExponents(), CellGradientPaths(), GaussianMatrices(), NonNormalBounds(),
    ForgetGateConstants(),
  ]

  /// The names of the checks, in their order.
  public static var names: [String] { sources.map(\.name) }

  /// Runs one check after the other, each on all cores.
  ///
  /// - Parameters:
  ///   - begin: called with a check's place and name before it starts.
  ///   - take: called with each check.
  public static func run(
    _ effort: Effort, begin: (Int, String) -> Void = { _, _ in }, take: (ExactValueCheck) -> Void
  ) async throws {
    BLASEnvironment.useOneThread()
    for (place, source) in sources.enumerated() {
      begin(place, source.name)
      take(
        ExactValueCheck(name: source.name, source: source.source, rows: try await source.rows(effort)))
    }
  }
}

/// Works on items on all cores; results in the order of the items.
func concurrently<Item: Sendable, Result: Sendable>(
  _ items: [Item], _ work: @escaping @Sendable (Item) throws -> Result
) async throws -> [Result] {
  var results: [Result] = []
  try await inOrder(items, jobs: ProcessInfo.processInfo.activeProcessorCount) {
    try work($0)
  } take: {
    results.append($0)
  }
  return results
}
