/// Reads weights by name, each checked before it is used, and notes the types they are stored in.
struct WeightReader {
  let archive: ModelArchive
  private(set) var storedTypes: Set<StoredType> = []
  /// The tensors that were read.
  private(set) var used: Set<String> = []

  init(archive: ModelArchive) { self.archive = archive }

  /// Counts tensors as not read.
  mutating func release(_ names: Set<String>) { used.subtract(names) }

  /// Counts a tensor as read that tells nothing.
  mutating func noteUse(of name: String) { used.insert(name) }

  /// The shape of weights that the file must have: floating point, with `rank` extents from 1 up.
  func shape(of name: String, rank: Int) throws(ModelFileError) -> [Int] {
    let place = Self.place(name)
    guard let array = archive[name] else {
      throw .mismatch(place, "missing", "the model needs it")
    }
    guard array.storedType.isFloatingPoint else {
      throw .unsupported(
        place, "\(array.storedType) elements",
        "weights are floating point; save a model that is not quantised")
    }
    let shape = Excerpt.shape(array.shape)
    guard array.shape.count == rank else {
      guard array.shape.count < 3 else {
        throw .unsupported(
          place, "shape \(shape), as of a convolutional cell", "RNN, LSTM and GRU have matrices of weights")
      }
      throw .mismatch(place, "shape \(shape)", "it must have \(rank) extents")
    }
    guard !array.shape.contains(0) else {
      throw .mismatch(place, "shape \(shape)", "extents must be 1 or more")
    }
    return array.shape
  }

  /// Weights of a shape that another tensor gives.
  ///
  /// - Parameter reason: why they must have it, as in "as …".
  mutating func values(
    of name: String, shape expected: [Int], reason: String
  ) throws(ModelFileError) -> [Double] {
    let shape = try self.shape(of: name, rank: expected.count)
    guard shape == expected, let array = archive[name] else {
      throw .mismatch(
        Self.place(name), "shape \(Excerpt.shape(shape))", "it must be \(Excerpt.shape(expected)), \(reason)")
    }
    let values = array.doubles()
    if let position = values.firstIndex(where: { !$0.isFinite }) {
      let element =
        expected.count == 1
        ? [position] : [position / expected[expected.count - 1], position % expected[expected.count - 1]]
      throw .mismatch(
        "\(Self.place(name)), element \(Excerpt.shape(element))", "\(values[position])",
        "weights must be finite; save the model before it diverged")
    }
    storedTypes.insert(array.storedType)
    used.insert(name)
    return values
  }

  /// A tensor as the place of an error.
  static func place(_ name: String) -> String { "tensor \(Excerpt.literal(name))" }
}
