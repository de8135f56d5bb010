import GradientFlow
import Machine
import Specification

/// Inputs and classes of Gaussian noise, which all cells, radii and clips of one seed and length share.
struct TrialSampleCache: Sendable {
  private struct Key: Hashable {
    let draw: SampleDraw
    let steps, batch, inputSize: Int
    let classCount: Int?
    let precision: Precision
  }

  /// A `TaskSample` in the precision of its key.
  private let samples: BoundedCache<Key, any Sendable>

  /// - Parameter capacity: bytes to keep.
  init(capacity: Int) { samples = BoundedCache(capacity: capacity) }

  /// - Parameters:
  ///   - steps: T of the sample.
  ///   - use: what it is drawn for.
  func sample<Element: Scalar>(
    _ noise: GaussianNoise, _ p: TrialParameters, steps: Int, use: SampleDraw.Use, _ type: Element.Type
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    let draw = SampleDraw(rootSeed: p.rootSeed, seed: p.seed, use: use)
    let key = Key(
      draw: draw, steps: steps, batch: p.batchSize, inputSize: noise.inputSize,
      classCount: noise.classCount, precision: type == Float.self ? .float32 : .float64)
    let bytesOfExample =
      noise.inputSize * MemoryLayout<Element>.stride + (noise.classCount == nil ? 0 : 8)
    let sample = try samples.value(key, size: { _ in steps * p.batchSize * bytesOfExample }) {
      () throws(SequenceTaskError) -> any Sendable in
      try noise.sample(type, steps: steps, batch: p.batchSize, draw: draw)
    }
    return sample as! TaskSample<Element>
  }
}
