import GradientFlow

extension ExactValues {
  package static let sources: [any ExactValueSource] = [
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
