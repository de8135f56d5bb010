import Experiments
import GradientFlow

/// What the problem of one recurrent layer, read forward, consists of, as plain arrays.
extension GradientProblem {
  var parameters: RecurrentParameters<Element> { network[LayerPlace(layer: 0)] }
  var shape: SequenceShape {
    inputs.shape.with(inputSize: network.recurrent.inputSize, hiddenSize: network.recurrent.hiddenSize)
  }
  /// x [T, B, I].
  var numbers: [Element] { inputs.inputs.dense }
  /// The same of the washout; empty for none.
  var washoutNumbers: [Element] { washout?.dense ?? [] }
  var firstState: InitialState<Element>? { inputs.initialState?.layers[0][0] }
}
