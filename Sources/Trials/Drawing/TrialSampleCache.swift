import GradientFlow
import Machine
import Specification

/// Inputs and classes of Gaussian noise, which all cells, radii and clips of one seed and length share.
struct TrialSampleCache: Sendable {
  private struct Key: Hashable {
    let draw: SampleDraw
    let steps, batch, inputSize: Int
    let shortest: Int?
    let classCount: Int?
    let precision: Precision
  }

  /// A `TaskSample` in the precision of its key.
  private let samples: BoundedCache<Key, any Sendable>

  /// - Parameter capacity: bytes to keep.
  init(capacity: Int) { samples = BoundedCache(capacity: capacity) }

  /// - Parameter washout: steps of a washout, all sequences of which have as many; nil: what is measured.
  func sample<Element: Scalar>(
    _ noise: GaussianNoise, _ p: TrialParameters, washout: Int? = nil, _ type: Element.Type
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    let draw = p.draw(washout == nil ? .diagnosis : .washout)
    let key = Key(
      draw: draw, steps: washout ?? p.sequenceLength, batch: p.batchSize, inputSize: noise.inputSize,
      shortest: washout == nil ? p.shortestLength : nil, classCount: noise.classCount,
      precision: type == Float.self ? .float32 : .float64)
    let bytesOfExample =
      noise.inputSize * MemoryLayout<Element>.stride + (noise.classCount == nil ? 0 : 8)
    let sample = try samples.value(key, size: { _ in key.steps * p.batchSize * bytesOfExample }) {
      () throws(SequenceTaskError) -> any Sendable in
      if let washout { return try noise.sample(type, steps: washout, batch: p.batchSize, draw: draw) }
      return try noise.sample(type, of: p)
    }
    return sample as! TaskSample<Element>
  }
}
