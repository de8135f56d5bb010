import GradientFlow
import TestSupport
import Testing

@Suite("Gaussian noise")
struct GaussianNoiseTests {
  private static func sample(
    _ task: GaussianNoise, steps: Int, batch: Int = 3, root: UInt64 = 1, seed: UInt64 = 2
  ) throws -> TaskSample<Double> {
    try task.sample(Double.self, steps: steps, batch: batch, rootSeed: root, seed: seed)
  }

  @Test func dependsOnTheTwoSeedsAndNothingElse() throws {
    let task = GaussianNoise(inputSize: 4, classCount: 5)
    let sample = try Self.sample(task, steps: 6)
    #expect(try Self.sample(task, steps: 6) == sample)
    #expect(try Self.sample(task, steps: 6, root: 9).inputs != sample.inputs)
    #expect(try Self.sample(task, steps: 6, seed: 9).inputs != sample.inputs)
    #expect(try Self.sample(task, steps: 6, seed: 9).classes != sample.classes)
  }

  @Test(arguments: [1, 2, 7])
  func aShortSampleIsTheStartOfALongOne(steps: Int) throws {
    let task = GaussianNoise(inputSize: 3, classCount: 4)
    let (long, short) = (try Self.sample(task, steps: 12), try Self.sample(task, steps: steps))
    #expect(short.inputs.dense.count == steps * 3 * 3 && short.classes.count == steps * 3)
    #expect(long.inputs.dense.starts(with: short.inputs.dense))
    #expect(long.classes.starts(with: short.classes))
  }

  @Test func classesDoNotMoveTheInputs() throws {
    let without = try Self.sample(GaussianNoise(inputSize: 3), steps: 5)
    let with = try Self.sample(GaussianNoise(inputSize: 3, classCount: 6), steps: 5)
    #expect(without.classes.isEmpty)
    #expect(without.inputs == with.inputs)
    #expect(with.classes.allSatisfy { (0..<6).contains($0) })
  }

  @Test func singlePrecisionIsTheRoundedSample() throws {
    let task = GaussianNoise(inputSize: 3)
    let single = try task.sample(Float.self, steps: 5, batch: 3, rootSeed: 1, seed: 2)
    #expect(single.inputs.dense == (try Self.sample(task, steps: 5)).inputs.dense.map { Float($0) })
  }

  // 30,000 numbers: the standard error of the mean square is √2/√30000 = 0.008; 5 of them, times I.
  @Test func meanSquareIsWhatTheTaskSays() throws {
    let task = GaussianNoise(inputSize: 10)
    let inputs = try Self.sample(task, steps: 1_000).inputs.dense
    let mean = inputs.reduce(0.0) { $0 + $1 * $1 } / 3_000
    #expect((mean - task.meanInputSquare).magnitude < 0.4)
  }
}
