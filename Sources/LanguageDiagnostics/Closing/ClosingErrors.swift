import Foundation
import GradientDiagnostics

/// How often a model fails to foresee a closing bracket or quote, by how far back the opening one is.
///
/// An error is a probability below 0.5 for the mark that closes. Distances are in classes whose bounds grow.
///
/// - Note: Source: Karpathy, Johnson & Fei-Fei, arXiv 1506.02078 (2015), section 4.3.
public struct ClosingErrors: Sendable, Equatable {
  /// One kind of mark at some distances.
  public struct Class: Sendable, Equatable {
    public let kind: ClosingMark.Kind
    /// Of the closing mark from the opening one, in characters.
    public let distances: ClosedRange<Int>
    public let count: Int
    /// By model, as they were given: the share of errors, and the mean −ln p of the mark.
    public let errors, nats: [Double]
  }

  public let classes: [Class]
  /// What the models are called.
  public let models: [String]

  /// The upper bounds of the classes.
  public static let bounds = [1, 2, 4, 9, 19, 39, 79, 159, 319, 639, 1279, ClosingMark.longest]

  /// - Parameters:
  ///   - marks: of the text.
  ///   - models: by name, ln p of the token at each place; NaN where a model does not say.
  public init(_ marks: [ClosingMark], models: [(name: String, logProbabilities: [Double])]) {
    self.models = models.map(\.name)
    var classes: [Class] = []
    for kind in ClosingMark.Kind.allCases {
      var first = 1
      for bound in Self.bounds {
        let range = first...bound
        first = bound + 1
        let own = marks.filter { mark in
          mark.kind == kind && range.contains(mark.distance)
            && models.allSatisfy { !$0.logProbabilities[mark.place].isNaN }
        }
        guard !own.isEmpty else { continue }
        let count = Double(own.count)
        classes.append(
          Class(
            kind: kind, distances: range, count: own.count,
            errors: models.map { model in
              Double(own.count { model.logProbabilities[$0.place] < log(0.5) }) / count
            },
            nats: models.map { model in
              -own.reduce(0) { $0 + model.logProbabilities[$1.place] } / count
            }))
      }
    }
    self.classes = classes
  }
}
