import GradientFlow
import Specification

extension TrialRunner {
  /// What can be learned in a trial and put out by its network; nil for noise, and for losses without a readout.
  package func outputs(of p: TrialParameters) -> (any LearningTask)? {
    p.loss.hasReadout ? task.learning(p) : nil
  }

  /// What the network of a trial makes of a test sequence; nil where a state leaves the range of the trial's precision.
  ///
  /// - Parameters:
  ///   - model: with the weights of a training; nil: as the network is drawn.
  ///   - sequence: from 0.
  /// - Throws: `SequenceTaskError`, `LinearAlgebraError`, or `ModelFileError` of kind `mismatch` for a model of another
  ///   network.
  package func reading(
    of p: TrialParameters, model: SafetensorsFile?, on test: TestSet, sequence: Int
  ) throws -> SequenceReading? {
    let network = try network(p).draw().network
    switch p.precision {
    case .float32:
      return try network.converted(to: Float.self).with(model).reading(of: test, sequence: sequence)
    case .float64: return try network.with(model).reading(of: test, sequence: sequence)
    }
  }
}

extension Network {
  /// The same with the arrays of a file.
  fileprivate func with(_ model: SafetensorsFile?) throws(ModelFileError) -> Network {
    guard let model else { return self }
    guard let arrays = arrays(in: model) else {
      throw ModelFileError(
        .mismatch, found: "its arrays are not those of the trial's network",
        advice: "it holds \(arrayPlaces.map { "\($0.name) \($0.shape)" }.joined(separator: ", "))")
    }
    var network = self
    network.arrays = arrays
    return network
  }
}
