import LinearAlgebra

/// Independent standard normal inputs, x_t ~ N(0, 1), and, if classes are asked for, a random class a step.
///
/// The setting of mean-field theory: what the network does to a gradient, without structure in the input.
public struct GaussianNoise: SequenceTask {
  public let inputSize: Int
  public let classCount: Int?
  public var allowsLengths: Bool { true }
  public var name: String { "the task of Gaussian noise" }
  public var meanInputSquare: Double { Double(inputSize) }

  public init(inputSize: Int, classCount: Int? = nil) {
    self.inputSize = inputSize
    self.classCount = classCount
  }

  public func sample<Element: Scalar>(
    _ type: Element.Type, steps: Int, batch: Int, draw: SampleDraw
  ) throws(SequenceTaskError) -> TaskSample<Element> {
    var (inputs, targets) = (draw.inputs, draw.targets)
    return TaskSample(
      inputs: inputs.normals(steps * batch * inputSize, as: type),
      classes: classCount.map { n in (0..<steps * batch).map { _ in targets.integer(below: n) } } ?? [])
  }
}
