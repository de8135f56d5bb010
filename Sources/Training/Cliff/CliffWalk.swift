import Foundation
import GradientDiagnostics
import LinearAlgebra

/// Gradient descent on the error surface of ``CliffModel``, from one point and under one clip:
///
///     (w, b) ← (w, b) − η f(n) clip(∇E(w, b)),   n = 1…N
public struct CliffWalk: Sendable, Equatable {
  /// A place on the surface.
  public struct Point: Sendable, Equatable {
    public let w, b: Double
    /// E(w, b); NaN where σ(x_T) is none.
    public let error: Double
  }

  /// One update.
  public struct Step: Sendable, Equatable {
    /// n, from 1.
    public let update: Int
    /// Where it leads.
    public let end: Point
    /// η f(n).
    public let learningRate: Double
    /// ‖∇E‖ where it begins, before and after clipping.
    public let normBefore, normAfter: ScaledNumber
    /// Whether the clip changed anything.
    public let isClipped: Bool
    /// How far it leads: learning rate times the norm after clipping.
    public let length: Double
  }

  public let clip: GradientClip
  /// η and f.
  public let learningRate: Double, schedule: LearningRateSchedule
  /// Where it begins.
  public let start: Point
  /// In turn; one that would leave the range of numbers is not among them.
  public private(set) var steps: [Step] = []
  /// The update at which numbers left their range, with the t of the largest |∂E/∂x_t|; nil where the walk is whole.
  public private(set) var divergence: TrainingEvent?

  /// Goes down. By default it starts on the plain from which the slope leads to the wall, and comes to rest in the end.
  ///
  /// - Precondition: `clip` acts on whole gradients, for a recursion of one number has no norms over units.
  /// - Complexity: O(N T).
  public init(
    _ clip: GradientClip, w: Double = 5.3, b: Double = -1.4, learningRate: Double = 2,
    schedule: LearningRateSchedule = .cosine, iterations: Int = 50
  ) {
    precondition(clip.stepClip == .none, "\(clip.kind.rawValue) acts inside the recursion of a network")
    let model = CliffModel()
    (self.clip, self.learningRate, self.schedule) = (clip, learningRate, schedule)
    start = Point(w: w, b: b, error: model.error(w: w, b: b))
    for n in stride(from: 1, through: iterations, by: 1) {
      let here = end
      let value = model.value(w: here.w, b: here.b)
      let gradient = [value.gradientW, value.gradientB]
      let clipped = Self.clipped(gradient, by: clip)
      let rate = learningRate * schedule.factor(update: n, of: iterations)
      let change = clipped.map { rate * $0 }
      let (w, b, length) = (here.w - change[0], here.b - change[1], Double.euclideanNorm(change))
      guard value.isFinite, w.isFinite, b.isFinite, length.isFinite else {
        divergence = TrainingEvent(
          kind: value.isFinite ? .weights : .gradient, iteration: n, step: value.steepestStep)
        return
      }
      steps.append(
        Step(
          update: n, end: Point(w: w, b: b, error: model.error(w: w, b: b)), learningRate: rate,
          normBefore: Self.norm(gradient), normAfter: Self.norm(clipped), isClipped: clipped != gradient,
          length: length))
    }
  }

  private static func clipped(_ gradient: [Double], by clip: GradientClip) -> [Double] {
    switch clip {
    case .globalNorm(let limit):
      let factor = GradientClip.coefficient(limit: limit, norm: norm(gradient))
      return gradient.map { scalbn($0 * factor.mantissa, factor.exponent) }
    case .value(let limit): return gradient.map { max(-limit, min(limit, $0)) }
    case .none, .stepNorm, .stepNormExample: return gradient
    }
  }

  /// Beyond the range of `Double` too.
  private static func norm(_ gradient: [Double]) -> ScaledNumber {
    .euclideanNorm(gradient.map { ScaledNumber($0.magnitude) })
  }

  /// The start and where each step leads.
  public var points: [Point] { [start] + steps.map(\.end) }
  /// Where it ends.
  public var end: Point { steps.last?.end ?? start }
  /// The first of those with the largest gradient before clipping; nil without steps.
  public var steepest: Step? { steps.max { $0.normBefore < $1.normBefore } }
  /// The first of those that lead furthest; nil without steps.
  public var longest: Step? { steps.max { $0.length < $1.length } }
}
