import Foundation
import GradientFlow
import Testing

@Suite("Learning-rate schedules")
struct LearningRateScheduleTests {
  private static func factors(_ schedule: LearningRateSchedule, _ updates: [Int], of count: Int) -> [Double] {
    updates.map { schedule.factor(update: $0, of: count) }
  }

  @Test func constantIsOne() {
    #expect(Self.factors(.constant, [1, 500, 1000], of: 1000) == [1, 1, 1])
  }

  @Test func stepFallsAfterEveryWholePeriod() {
    let schedule = LearningRateSchedule.step(every: 100, factor: 0.5)
    #expect(
      Self.factors(schedule, [1, 100, 101, 200, 201, 1000], of: 1000) == [1, 1, 0.5, 0.5, 0.25, 0x1p-9])
  }

  @Test func inverseTimeIsHalfAfterItsScale() {
    let schedule = LearningRateSchedule.inverseTime(scale: 50)
    #expect(Self.factors(schedule, [1, 51, 151, 951], of: 1000) == [1, 0.5, 0.25, 0.05])
  }

  // (1 + cos π/3)/2 = 3/4 and so on; the last of N updates is one step before 0.
  @Test func cosineGoesFromOneToNearlyZero() {
    let found = Self.factors(.cosine, [1, 101, 151, 201, 300], of: 300)
    let expected = [1, 0.75, 0.5, 0.25, pow(sin(.pi / 600), 2)]
    #expect(zip(found, expected).allSatisfy { ($0 - $1).magnitude < 1e-15 })
    #expect(LearningRateSchedule.cosine.factor(update: 1, of: 1) == 1)
  }

  @Test func warmupGrowsToOneAndStays() {
    let found = Self.factors(.warmup(updates: 4), [1, 2, 3, 4, 5, 1000], of: 1000)
    #expect(found == [0.25, 0.5, 0.75, 1, 1, 1])
  }

  @Test func aPlanMultipliesItsLearningRate() {
    let plan = TrainingPlan(
      steps: 5, batch: 2, iterations: 300, learningRate: 0.2, schedule: .cosine, seed: 1)
    #expect(plan.learningRate(update: 1) == 0.2)
    #expect((plan.learningRate(update: 101) - 0.15).magnitude < 1e-15)
  }
}
