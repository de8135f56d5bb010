/// The class of a row that takes no part in a loss: PyTorch's `ignore_index` by default.
public let ignoredClass = -100
