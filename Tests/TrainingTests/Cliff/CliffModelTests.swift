import Foundation
import GradientFlow
import Testing

@Suite("The error surface with a wall")
struct CliffModelTests {
  static let points: [(w: Double, b: Double)] = [
    (0.5, 0.3), (2, -1), (4, -2.5), (3.5, -1.2), (-3, 0.5), (7, -2),
  ]

  /// The recursion as it is printed.
  private static func error(_ w: Double, _ b: Double, steps: Int = 50) -> Double {
    var x = 0.5
    for _ in 1...steps { x = w / (1 + exp(-x)) + b }
    return pow(1 / (1 + exp(-x)) - 0.7, 2)
  }

  @Test(arguments: points) func isTheRecursion(point: (w: Double, b: Double)) {
    let model = CliffModel()
    let value = model.value(w: point.w, b: point.b)
    #expect((model.error(w: point.w, b: point.b) - Self.error(point.w, point.b)).magnitude < 1e-15)
    #expect(value.error == model.error(w: point.w, b: point.b) && value.isFinite)
  }

  // The remainder of the first-order expansion falls with the square of the step; 1e-5 is far above its rounding.
  @Test(arguments: points) func theTaylorRemainderIsOfSecondOrder(point: (w: Double, b: Double)) {
    let model = CliffModel(steps: 6)
    let value = model.value(w: point.w, b: point.b)
    for (dw, db) in [(1.0, 0.0), (0, 1), (0.6, -0.8)] {
      func remainder(_ step: Double) -> Double {
        let moved = model.error(w: point.w + step * dw, b: point.b + step * db)
        return (moved - value.error - step * (dw * value.gradientW + db * value.gradientB)).magnitude
      }
      let (large, small) = (remainder(4e-4), remainder(1e-4))
      #expect(large > 1e-13)
      #expect((log(large / small) / log(4) - 2).magnitude < 0.05, "\(dw) \(db)")
    }
  }

  // Central differences: ε² E''' and ulp(E)/ε, about 1e-10 for ε = 1e-5 where E is smooth.
  @Test(arguments: points) func theGradientIsTheSlope(point: (w: Double, b: Double)) {
    let value = CliffModel().value(w: point.w, b: point.b)
    let slopeW = (Self.error(point.w + 1e-5, point.b) - Self.error(point.w - 1e-5, point.b)) / 2e-5
    let slopeB = (Self.error(point.w, point.b + 1e-5) - Self.error(point.w, point.b - 1e-5)) / 2e-5
    #expect((value.gradientW - slopeW).magnitude < 1e-8 * max(1, slopeW.magnitude))
    #expect((value.gradientB - slopeB).magnitude < 1e-8 * max(1, slopeB.magnitude))
  }

  // With y = −x the map is that of (w, −w − b), from −x_0 and to 1 − target.
  @Test(arguments: points) func symmetricPointsHaveTheSameError(point: (w: Double, b: Double)) {
    let (model, mirror) = (CliffModel(steps: 9), CliffModel(steps: 9, start: -0.5, target: 1 - 0.7))
    let value = model.value(w: point.w, b: point.b)
    let image = mirror.value(w: point.w, b: -point.w - point.b)
    #expect((value.error - image.error).magnitude < 1e-13)
    let size = 1 + value.gradientW.magnitude + value.gradientB.magnitude
    #expect((value.gradientB + image.gradientB).magnitude < 1e-11 * size)
    #expect((value.gradientW - (image.gradientW - image.gradientB)).magnitude < 1e-11 * size)
    #expect(value.steepestStep == image.steepestStep)
  }

  // σ near 1 or near 0 at x_50: E is 0.09 or 0.49. For a contraction there is one fixed point and no jump.
  @Test func thereIsAWallWhereWIsLarge() {
    func largestJump(_ w: Double) -> Double {
      let errors = (0...2000).map { CliffModel().error(w: w, b: -w + w * Double($0) / 2000) }
      return zip(errors, errors.dropFirst()).map { ($0 - $1).magnitude }.max() ?? 0
    }
    #expect(largestJump(10) > 0.3 && largestJump(2) < 0.002)
  }

  // It stands where x_0 is the unstable fixed point: b = x_0 − w σ(x_0). There a difference grows by w σ'(x_0) = 2.35
  // a step, to 2.35^50 = 3e18.
  @Test func theWallIsWhereTheStartIsTheUnstablePoint() {
    let model = CliffModel()
    var (low, high) = (-7.0, -4.0)
    var steepest = 0.0
    for _ in 0..<60 {
      let middle = (low + high) / 2
      let value = model.value(w: 10, b: middle)
      steepest = max(steepest, value.gradientB.magnitude)
      if value.error > 0.29 { low = middle } else { high = middle }
    }
    let expected = 0.5 - 10 / (1 + exp(-0.5))
    #expect((low - expected).magnitude < 1e-14)
    #expect(steepest > 1e12)
  }

  @Test func theSteepestStepIsThatOfTheLargestGradient() {
    // δ_{t−1} = δ_t w σ'(x_{t−1}) falls on the way back where w σ' < 1: the last step is the steepest.
    #expect(CliffModel().value(w: 1, b: 0).steepestStep == 50)
    // Near the wall the trajectory lingers at the unstable point, where w σ' > 1, and leaves it at the end.
    let lingering = CliffModel(steps: 50, start: 0, target: 0.7).value(w: 10, b: -5)
    #expect(lingering.steepestStep == 1 && lingering.gradientB.magnitude > 1e15)
  }
}
