import ModelFiles

/// The arrays of a model file, to be changed before it is written.
///
/// Values are multiples of 1/64 below 1, which every floating-point type holds exactly, and differ from place to place.
public struct ModelTensors: Sendable {
  /// An array as a file has it; nothing says that its bytes fit its shape.
  public struct Tensor: Sendable {
    public var name: String
    public var type: StoredType
    public var shape: [Int]
    public var values: [Double]

    public init(_ name: String, _ shape: [Int], _ type: StoredType = .float64, seed: Int = 0) {
      self.name = name
      self.type = type
      self.shape = shape
      values = (0..<shape.reduce(1, *)).map { Double((seed * 37 + $0 * 11) % 127 - 63) / 64 }
    }
  }

  public var tensors: [Tensor] = []
  public var metadata: [String: String] = [:]

  public init() {}

  /// The array with a name; a new one is added at the end, nil removes one.
  public subscript(name: String) -> Tensor? {
    get { tensors.first { $0.name == name } }
    set {
      let index = tensors.firstIndex { $0.name == name }
      switch (index, newValue) {
      case (let index?, let tensor?): tensors[index] = tensor
      case (let index?, nil): tensors.remove(at: index)
      case (nil, let tensor?): tensors.append(tensor)
      case (nil, nil): break
      }
    }
  }

  /// Adds an array.
  public mutating func add(_ name: String, _ shape: [Int], _ type: StoredType = .float64) {
    tensors.append(Tensor(name, shape, type, seed: tensors.count))
  }

  /// The same arrays, with others in the end.
  public func adding(_ name: String, _ shape: [Int], _ type: StoredType = .float64) -> Self {
    var copy = self
    copy.add(name, shape, type)
    return copy
  }

  /// The same arrays without one.
  public func removing(_ name: String) -> Self {
    var copy = self
    copy[name] = nil
    return copy
  }

  /// The same arrays, each in another type.
  public func stored(as type: StoredType) -> Self {
    var copy = self
    for index in copy.tensors.indices { copy.tensors[index].type = type }
    return copy
  }
}

// MARK: - Models

extension ModelTensors {
  /// A torch.nn.RNN, LSTM or GRU, by its G, below a module whose name is given with its dot.
  public static func pytorch(
    gates: Int, inputs: Int = 2, hidden: Int = 3, layers: Int = 1, directions: Int = 1,
    hasBiases: Bool = true, prefix: String = ""
  ) -> Self {
    var model = Self()
    let rows = gates * hidden
    for layer in 0..<layers {
      for suffix in ["", "_reverse"].prefix(directions) {
        let end = "_l\(layer)\(suffix)"
        model.add("\(prefix)weight_ih\(end)", [rows, layer == 0 ? inputs : directions * hidden])
        model.add("\(prefix)weight_hh\(end)", [rows, hidden])
        guard hasBiases else { continue }
        model.add("\(prefix)bias_ih\(end)", [rows])
        model.add("\(prefix)bias_hh\(end)", [rows])
      }
    }
    return model
  }

  /// A torch.nn.RNNCell, LSTMCell or GRUCell.
  public static func pytorchCell(gates: Int, inputs: Int = 2, hidden: Int = 3, prefix: String = "") -> Self {
    var model = pytorch(gates: gates, inputs: inputs, hidden: hidden, prefix: prefix)
    for index in model.tensors.indices { model.tensors[index].name.removeLast("_l0".count) }
    return model
  }

  /// Adds a Keras SimpleRNN, LSTM or GRU, by its G.
  public mutating func addKeras(
    gates: Int, inputs: Int = 2, hidden: Int = 3, hasBias: Bool = true, path: String
  ) {
    let columns = gates * hidden
    add("\(path)/kernel", [inputs, columns])
    add("\(path)/recurrent_kernel", [hidden, columns])
    if hasBias { add("\(path)/bias", gates == 3 ? [2, columns] : [columns]) }
  }

  /// A Keras SimpleRNN, LSTM or GRU, by its G.
  public static func keras(
    gates: Int, inputs: Int = 2, hidden: Int = 3, hasBias: Bool = true, path: String = "model/rnn/cell"
  ) -> Self {
    var model = Self()
    model.addKeras(gates: gates, inputs: inputs, hidden: hidden, hasBias: hasBias, path: path)
    return model
  }
}

// MARK: - Files

extension ModelTensors {
  /// As a safetensors file.
  public var safetensors: [UInt8] {
    var entries: [String] = []
    var data: [UInt8] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map {
        "\(Self.quoted($0.key)):\(Self.quoted($0.value))"
      }
      entries.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    for tensor in tensors {
      let begin = data.count
      data += tensor.bytes
      let type = Self.safetensorsTypes[tensor.type] ?? "F64"
      entries.append(
        "\(Self.quoted(tensor.name)):{\"dtype\":\"\(type)\",\"shape\":\(tensor.shape),"
          + "\"data_offsets\":[\(begin),\(data.count)]}")
    }
    let header = Array("{\(entries.joined(separator: ","))}".utf8)
    return StoredArchive.little(UInt32(header.count), 4) + [0, 0, 0, 0] + header + data
  }

  /// As an NPZ file, which has neither metadata nor bfloat16.
  public var npz: [UInt8] {
    StoredArchive(tensors.map { ($0.name + ".npy", $0.npy) }).bytes
  }

  /// As a file that is read.
  public func archive() throws(ModelFileError) -> ModelArchive { try ModelArchive(bytes: safetensors) }

  private static let safetensorsTypes: [StoredType: String] = [
    .float64: "F64", .float32: "F32", .float16: "F16", .bfloat16: "BF16", .int64: "I64", .int8: "I8",
  ]

  /// A JSON string of a name with any characters.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case "\0"..<" ": quoted += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}

extension ModelTensors.Tensor {
  /// The values in the type, lowest byte first; cut where the type does not hold them.
  var bytes: [UInt8] {
    values.flatMap { value -> [UInt8] in
      switch type {
      case .float64: Self.little(value.bitPattern, 8)
      case .float32: Self.little(UInt64(Float(value).bitPattern), 4)
      case .bfloat16: Self.little(UInt64(Float(value).bitPattern >> 16), 2)
      case .float16: Self.little(UInt64(Self.half(Float(value))), 2)
      default: Self.little(UInt64(bitPattern: Int64(exactly: value * 64) ?? 0), type.byteCount)
      }
    }
  }

  var npy: [UInt8] {
    let types: [StoredType: String] = [
      .float64: "<f8", .float32: "<f4", .float16: "<f2", .int64: "<i8", .int8: "|i1",
    ]
    let extents = shape.map { "\($0), " }.joined()
    let header = Array(
      "{'descr': '\(types[type] ?? "<f2")', 'fortran_order': False, 'shape': (\(extents)), }\n".utf8)
    return [0x93] + Array("NUMPY".utf8) + [1, 0] + StoredArchive.little(UInt32(header.count), 2) + header
      + bytes
  }

  private static func little(_ bits: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: bits >> (8 * UInt64($0))) }
  }

  /// binary16 of a number that it holds exactly, or of what is not finite.
  private static func half(_ value: Float) -> UInt16 {
    let bits = value.bitPattern
    let sign = UInt16(bits >> 31) << 15
    if value == 0 { return sign }
    guard value.isFinite else { return sign | 0x7C00 | (value.isNaN ? 1 : 0) }
    let exponent = UInt16(Int(bits >> 23 & 0xFF) - 127 + 15)
    return sign | exponent << 10 | UInt16(bits >> 13 & 0x3FF)
  }
}
