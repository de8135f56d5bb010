/// What a loss at the final step reads of a network's outputs; the two differ where a layer is read in reverse.
public enum FinalReading: String, Sendable, CaseIterable {
  /// The last state of each direction in its own time, PyTorch's h_n: the reverse one has read the whole sequence.
  case finalStates = "final-states"
  /// What the last step of the sequence gives, PyTorch's output[−1]: the reverse one has read one element.
  case lastOutput = "last-output"
}
