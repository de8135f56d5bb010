import GradientDiagnostics
import LinearAlgebra
import RecurrentCells

/// A network of one or more layers with its data and loss, in double precision: what `diagnose` looks into.
public struct ModelProblem: Sendable {
  /// What it is called in files and figures.
  public var name: String
  /// Its weights.
  public var model: RecurrentModel<Double>
  /// T and B.
  public var steps, batch: Int
  /// x [T, B, I].
  public var inputs: [Double]
  /// h_0 and c_0 [B, H] by layer, then by direction; zero if nil.
  public var initialStates: [[InitialState<Double>]]?
  /// L, of what the last layer gives, D·H wide.
  public var loss: any SequenceLoss<Double>
  /// What a loss at the final step reads.
  public var reading = FinalReading.finalStates
  /// How gradients are clipped; other than none only for one layer, read forward.
  public var clip = GradientClip.none

  public init(
    name: String, model: RecurrentModel<Double>, steps: Int, batch: Int, inputs: [Double],
    initialStates: [[InitialState<Double>]]? = nil, loss: any SequenceLoss<Double>
  ) {
    self.name = name
    self.model = model
    self.steps = steps
    self.batch = batch
    self.inputs = inputs
    self.initialStates = initialStates
    self.loss = loss
  }

  /// Whether the model is one layer, read forward.
  public var isSingle: Bool { model.layers.count == 1 && model.directions.count == 1 }
}
