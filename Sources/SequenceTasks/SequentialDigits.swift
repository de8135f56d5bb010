import Foundation
import LinearAlgebra
import RecurrentCells

/// Images read piece by piece, the class of the image at the end: a pixel a step, a row of them, or all at one step.
///
///     x_t = pixels (t − 1)I + 1…tI of the image, t = 1…P/I,   class = its label
///
/// with I = 1, the width of the image, or P. Inputs [P/I, B, I]; classes [B]. N images are given, of P pixels each; every
/// sequence has P/I steps.
///
/// The last tenth of the images, ⌊N/10⌋ but at least one, is the test set: it is never drawn for training or
/// for a diagnosis, which draw uniformly among the others, with replacement. Part p of the test set in
/// batches of B is its images p·B, p·B + 1, …, with the first again after the last: successive parts go
/// through all of it.
///
/// Chance knows the frequencies f of the classes among the other images: its loss is their entropy −Σ f ln f,
/// and it is wrong in 1 − max f of the sequences. ``ChanceLevel/outputs`` are the logarithms of the
/// frequencies with one more image in each class, finite for a class without images.
///
/// - Note: Source: Le, Jaitly & Hinton 2015 (arXiv 1504.00941), §4.2.
public struct SequentialDigits: LearningTask {
  /// How much of an image is read at a step.
  public enum Reading: Sendable, Hashable {
    /// I = 1.
    case pixels
    /// I is the width of the image.
    case rows(width: Int)
    /// I = P: one step, without recurrence.
    case image
  }

  /// P.
  public let pixelCount: Int
  /// I.
  public let inputSize: Int
  public let reading: Reading
  /// Images of the test set, and those that are drawn for training.
  public let testCount, trainingCount: Int
  public let outputSize: Int
  public let meanInputSquare: Double
  private let images: [Float]
  private let labels: [Int]
  private let level: ChanceLevel

  public var name: String {
    switch reading {
    case .pixels: return "the pixel-by-pixel task"
    case .rows: return "the row-by-row task"
    case .image: return "the task of whole images"
    }
  }
  public var objective: TaskObjective { .classification }
  /// P/I, which is the only length.
  public var leastSteps: Int { pixelCount / inputSize }
  public var topology: SequenceTopology { reading == .image ? .oneToOne : .manyToOne }
  public var success: SuccessRule? { nil }
  public var testLimit: Int? { testCount }

  /// - Parameter images: [N, P], scaled to [0, 1], in the order in which pixels are read.
  /// - Parameter labels: [N], each in 0..<`classCount`.
  /// - Precondition: at least two images and one pixel, a label for each, all labels in range; a width divides P.
  public init(images: [Float], labels: [Int], classCount: Int, reading: Reading = .pixels) {
    precondition(labels.count >= 2, "\(labels.count) images are too few to keep one for the test")
    precondition(
      !images.isEmpty && images.count.isMultiple(of: labels.count),
      "\(images.count) pixels are no whole number for each of \(labels.count) images")
    precondition(
      labels.allSatisfy { (0..<classCount).contains($0) }, "labels must be in 0..<\(classCount)")
    self.images = images
    self.labels = labels
    outputSize = classCount
    pixelCount = images.count / labels.count
    self.reading = reading
    switch reading {
    case .pixels: inputSize = 1
    case .rows(let width): inputSize = width
    case .image: inputSize = pixelCount
    }
    precondition(
      inputSize >= 1 && pixelCount.isMultiple(of: inputSize),
      "\(pixelCount) pixels are no whole number of rows of \(inputSize)")
    testCount = max(1, labels.count / 10)
    trainingCount = labels.count - testCount
    let pixels = images.prefix(trainingCount * pixelCount)
    meanInputSquare =
      Double(inputSize) * pixels.reduce(0) { $0 + Double($1) * Double($1) } / Double(pixels.count)
    level = Self.chance(labels.prefix(trainingCount), classCount)
  }

  private static func chance(_ labels: ArraySlice<Int>, _ classCount: Int) -> ChanceLevel {
    var counts = [Double](repeating: 0, count: classCount)
    for label in labels { counts[label] += 1 }
    let n = Double(labels.count)
    let entropy = counts.reduce(0) { $1 == 0 ? $0 : $0 - $1 / n * log($1 / n) }
    return ChanceLevel(
      loss: entropy, errorRate: 1 - (counts.max() ?? 0) / n,
      outputs: counts.map { log(($0 + 1) / (n + Double(classCount))) })
  }

  public func chance(steps: Int) -> ChanceLevel { level }

  public func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    guard steps == leastSteps else {
      throw .sequenceLengthIsFixed(task: name, steps: steps, length: leastSteps)
    }
    let (chosen, width) = (indices(batch, draw), inputSize)
    var pixels = [Double](repeating: 0, count: pixelCount * batch)
    for (b, image) in chosen.enumerated() {
      for t in 0..<steps {
        for k in 0..<width {
          pixels[(t * batch + b) * width + k] = Double(images[image * pixelCount + t * width + k])
        }
      }
    }
    return TaskSample(inputs: Element.array(pixels), classes: chosen.map { labels[$0] })
  }

  private func indices(_ batch: Int, _ draw: SampleDraw) -> [Int] {
    if case .evaluation(let part) = draw.use {
      return (0..<batch).map { trainingCount + (part * batch + $0) % testCount }
    }
    var stream = draw.inputs
    return (0..<batch).map { _ in stream.integer(below: trainingCount) }
  }
}
