import GradientFlow
import Machine
import Specification

/// Inputs and classes of Gaussian noise, which all cells, radii and clips of one seed and length share.
struct TrialSampleCache: Sendable {
  private struct Key: Hashable {
    let rootSeed, seed: UInt64
    let steps, batch, inputSize: Int
    let classCount: Int?
    let use: SampleDraw.Use
  }

  private let single: BoundedCache<Key, TaskSample<Float>>
  private let double: BoundedCache<Key, TaskSample<Double>>

  /// - Parameter capacity: bytes to keep.
  package init(capacity: Int) {
    single = BoundedCache(capacity: capacity / 2)
    double = BoundedCache(capacity: capacity / 2)
  }

  /// - Parameters:
  ///   - steps: T of the sample.
  ///   - use: what it is drawn for.
  package func sample<Element: Scalar>(
    _ noise: GaussianNoise, _ p: TrialParameters, steps: Int, use: SampleDraw.Use, _ type: Element.Type
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    let key = Key(
      rootSeed: p.rootSeed, seed: p.seed, steps: steps, batch: p.batchSize,
      inputSize: noise.inputSize, classCount: noise.classCount, use: use)
    func draw<Other: Scalar>(_ other: Other.Type) throws(SequenceTaskError) -> TaskSample<Other> {
      try noise.sample(
        other, steps: steps, batch: p.batchSize,
        draw: SampleDraw(rootSeed: p.rootSeed, seed: p.seed, use: use))
    }
    func size<Other: Scalar>(_ sample: TaskSample<Other>) -> Int {
      sample.inputs.count * MemoryLayout<Other>.stride + sample.classes.count * 8
    }
    if type == Float.self {
      let sample = try single.value(key, size: size) { () throws(SequenceTaskError) in
        try draw(Float.self)
      }
      return sample as! TaskSample<Element>
    }
    let sample = try double.value(key, size: size) { () throws(SequenceTaskError) in
      try draw(Double.self)
    }
    return sample as! TaskSample<Element>
  }
}
