import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Digits, pixel by pixel")
struct SequentialDigitsTests {
  /// The images a batch was made of; nil where a sequence is none.
  private static func images(
    _ task: SequentialDigits, batch: Int, _ use: SampleDraw.Use, seed: UInt64 = 1
  ) throws -> [Int]? {
    let p = task.pixelCount
    let sample = try task.drawn(steps: p, batch: batch, seed: seed, use: use)
    var found: [Int] = []
    for b in 0..<batch {
      let pixels = (0..<p).map { sample.inputs.dense[$0 * batch + b] * 1024 }
      let image = Int(pixels[0]) / 8
      guard pixels == (0..<p).map({ Double(8 * image + $0) }), sample.classes[b] == image % 3 else {
        return nil
      }
      found.append(image)
    }
    return found
  }

  @Test func imagesAreReadInTheOrderOfTheirPixels() throws {
    let task = TaskCase.digits(count: 30, pixelCount: 6)
    #expect(task.pixelCount == 6 && task.inputSize == 1 && task.outputSize == 3 && task.leastSteps == 6)
    #expect(try Self.images(task, batch: 9, .diagnosis) != nil)
    #expect(task.success == nil)
  }

  // Row by row and whole, the numbers of a sequence are those pixel by pixel, in the same order.
  @Test(arguments: [SequentialDigits.Reading.rows(width: 2), .rows(width: 3), .rows(width: 6), .image])
  func widerStepsReadTheSamePixels(reading: SequentialDigits.Reading) throws {
    let (pixels, wide) = (
      TaskCase.digits(count: 30, pixelCount: 6), TaskCase.digits(count: 30, pixelCount: 6, reading)
    )
    let (width, batch) = (wide.inputSize, 7)
    #expect(wide.leastSteps == 6 / width && wide.topology == (reading == .image ? .oneToOne : .manyToOne))
    #expect((wide.meanInputSquare - Double(width) * pixels.meanInputSquare).magnitude < 1e-15)
    for use in [SampleDraw.Use.diagnosis, .training(iteration: 2), .evaluation(part: 1)] {
      let one = try pixels.drawn(steps: 6, batch: batch, use: use)
      let other = try wide.drawn(steps: 6 / width, batch: batch, use: use)
      #expect(one.classes == other.classes && one.inputs.dense.count == other.inputs.dense.count)
      for b in 0..<batch {
        for p in 0..<6 {
          let value = other.inputs.dense[(p / width * batch + b) * width + p % width]
          #expect(value == one.inputs.dense[p * batch + b])
        }
      }
    }
    let error = #expect(throws: SequenceTaskError.self) { try wide.drawn(steps: 5, batch: 1) }
    #expect(error == .sequenceLengthIsFixed(task: wide.name, steps: 5, length: 6 / width))
  }

  @Test(arguments: [(2, 1), (9, 1), (10, 1), (43, 4), (60, 6)])
  func theLastTenthIsNeverDrawnForTraining(count: Int, testCount: Int) throws {
    let task = TaskCase.digits(count: count, pixelCount: 2)
    #expect(task.testCount == testCount && task.trainingCount == count - testCount)
    for use in [SampleDraw.Use.diagnosis, .training(iteration: 1)] {
      let drawn = try #require(try Self.images(task, batch: 2_000, use))
      #expect(Set(drawn) == Set(0..<count - testCount))
    }
  }

  @Test func partsGoThroughTheTestSetInOrder() throws {
    let task = TaskCase.digits(count: 60, pixelCount: 2)
    let parts = try (0..<4).map { try #require(try Self.images(task, batch: 4, .evaluation(part: $0))) }
    #expect(parts == [[54, 55, 56, 57], [58, 59, 54, 55], [56, 57, 58, 59], [54, 55, 56, 57]])
    let larger = try #require(try Self.images(task, batch: 8, .evaluation(part: 0), seed: 7))
    #expect(larger == [54, 55, 56, 57, 58, 59, 54, 55])
  }

  @Test(arguments: [1, 5, 7])
  func anotherLengthIsAnError(steps: Int) {
    let task = TaskCase.digits(count: 30, pixelCount: 6)
    let error = #expect(throws: SequenceTaskError.self) { try task.drawn(steps: steps, batch: 1) }
    guard case .sequenceLengthIsFixed(_, steps, 6) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(error?.description.contains("6 steps, not \(steps)") == true)
  }

  // Five training images: classes 0, 0, 0, 1 and 3. The sixth, of class 2, is the test set.
  @Test func chanceIsThatOfTheTrainingLabels() {
    let labels = [0, 1, 0, 3, 0, 2]
    let task = SequentialDigits(images: [0, 0.5, 1, 0.5, 0, 1], labels: labels, classCount: 4)
    let chance = task.chance(steps: 1)
    #expect(task.meanInputSquare == 0.3)
    #expect(chance.errorRate == 1 - 3.0 / 5)
    let smoothed = [4.0 / 9, 2.0 / 9, 1.0 / 9, 2.0 / 9]
    #expect(difference(chance.outputs.map { exp($0) }, smoothed, relative: 1e-14) == nil)
    // The entropy is the loss of outputs that are the frequencies; e^−1000 is 0.
    let sample = TaskSample<Double>(inputs: [0, 0.5, 1, 0.5, 0], classes: Array(labels.prefix(5)))
    let outputs = [log(3.0 / 5), log(1.0 / 5), -1_000, log(1.0 / 5)]
    let measured = loss(of: task, sample, steps: 1, batch: 5) { _ in outputs }
    #expect((measured - chance.loss).magnitude < 1e-14)
  }
}
