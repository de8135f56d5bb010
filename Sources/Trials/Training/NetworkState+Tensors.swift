import GradientFlow

extension NetworkState {
  /// The states that truncated sequences carry on, as a checkpoint holds them: `carried.h` and `carried.c` of the first
  /// layer, `carried.h_l1` … of those above it.
  func tensors() throws(ModelFileError) -> [(name: String, array: NumericArray)] {
    var tensors: [(name: String, array: NumericArray)] = []
    for (l, directions) in layers.enumerated() {
      guard let state = directions.first else { continue }
      tensors.append((Self.name("h", l), try NumericArray(computed: state.hidden)))
      if let cell = state.cell { tensors.append((Self.name("c", l), try NumericArray(computed: cell))) }
    }
    return tensors
  }

  /// As a checkpoint holds them; nil where there are none.
  ///
  /// - Parameter array: the one of a name.
  init?(layers count: Int, _ array: (String) -> NumericArray?) {
    var layers: [[InitialState<Element>]] = []
    for l in 0..<count {
      guard let hidden = array(Self.name("h", l)) else { return nil }
      layers.append([
        InitialState(
          hidden: Element.array(hidden.doubles()),
          cell: array(Self.name("c", l)).map { Element.array($0.doubles()) })
      ])
    }
    self.init(layers: layers)
  }

  private static func name(_ state: String, _ layer: Int) -> String {
    "carried.\(state)" + (layer == 0 ? "" : "_l\(layer)")
  }
}
