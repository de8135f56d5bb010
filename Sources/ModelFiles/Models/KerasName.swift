/// The name that Keras gives to a weight: the path of its layer, then what it is, as in `model/lstm/lstm_cell/kernel:0`.
struct KerasName {
  enum Variable: String, CaseIterable {
    case kernel, bias
    case recurrentKernel = "recurrent_kernel"
  }

  /// The layers, outermost first.
  let path: [String]
  let variable: Variable

  /// Parses it; nil for other variables and for names without a layer.
  init?(_ name: String) {
    var parts = Self.parts(name)
    guard let last = parts.popLast() else { return nil }
    // TensorFlow numbers the outputs of an operation.
    let end = last.utf8.lastIndex(of: UInt8(ascii: ":")) ?? last.endIndex
    guard let variable = Variable(rawValue: String(last[..<end])) else { return nil }
    path = parts
    self.variable = variable
  }

  /// The parts of a path, which may be separated as in a folder or as in Python.
  static func parts(_ name: String) -> [String] {
    name.utf8.split(whereSeparator: { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ".") }).map {
      String($0) ?? ""
    }
  }
}
