/// The names, shapes and row orders that a library gives to recurrent weights.
public enum ModelLayout: String, Sendable, CaseIterable {
  /// `weight_ih_l0` [G·H, I] and so on, as in the `state_dict` of torch.nn.RNN, LSTM, GRU and their cells.
  case pytorch
  /// `…/kernel` [I, G·H], `…/recurrent_kernel` [H, G·H], `…/bias`, as Keras numbers and names its layers.
  case keras
}
