import Foundation
import GradientFlow

/// The paths of a run.
public struct RunDirectory: Sendable, Equatable {
  /// As the user gave it.
  public let path: String

  public init(_ path: String) { self.path = path }

  public var specification: String { file("spec.yaml") }
  public var manifest: String { file("manifest.json") }
  public var store: String { file("trials.sqlite") }
  public var trials: String { file("trials.csv") }
  public var timesteps: String { file("timesteps.csv") }
  public var figures: String { file("figures") }

  private func file(_ name: String) -> String { (path as NSString).appendingPathComponent(name) }
}
