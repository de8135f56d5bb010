import LinearAlgebra
import RecurrentCells

/// The weights of one layer, or of one direction of one, of a Keras model.
struct KerasGroup {
  /// The layers, outermost first.
  let path: [String]
  /// The whole names of its weights.
  private var tensors: [KerasName.Variable: String] = [:]

  private init(path: [String]) { self.path = path }

  /// The path as Keras writes it.
  var text: String { path.joined(separator: "/") }

  /// The groups of a file, in its order.
  private static func all(in archive: ModelArchive) throws(ModelFileError) -> [Self] {
    var groups: [Self] = []
    var indices: [[String]: Int] = [:]
    for whole in archive.names {
      guard let name = KerasName(whole) else { continue }
      let index = indices[name.path] ?? groups.count
      if index == groups.count {
        groups.append(Self(path: name.path))
        indices[name.path] = index
      }
      if let other = groups[index].tensors.updateValue(whole, forKey: name.variable) {
        throw .mismatch(
          WeightReader.place(whole), "the same variable as \(Excerpt.literal(other))",
          "a layer has one \(name.variable.rawValue)")
      }
    }
    return groups
  }

  /// Reads the recurrent layers of a file.
  ///
  /// - Parameters:
  ///   - stack: layers to read, one behind the other; nil for those of `prefix`.
  ///   - apart: whether each layer is a module of its own.
  static func layers(
    _ reader: inout WeightReader, prefix: String?, stack: [String]?, apart: Bool
  ) throws(ModelFileError) -> FoundLayers {
    let groups = try all(in: reader.archive)
    let recurrent = groups.filter { $0.tensors[.recurrentKernel] != nil }
    guard !recurrent.isEmpty else { throw .noRecurrentWeights(in: reader.archive, layout: .keras) }
    var found = FoundLayers(modules: [], linearLayers: [], notes: [])
    var read: Set<String> = []
    for name in stack.map({ $0.map(Optional.some) }) ?? [prefix] {
      let layers = try KerasStack(recurrent, prefix: name, reader.archive)
      found.modules += try layers.read(&reader, apart: apart, &found.notes)
      read.formUnion(layers.paths)
    }
    found.linearLayers = groups.filter { $0.tensors[.recurrentKernel] == nil }.compactMap(\.linearLayer)
    found.otherModules = recurrent.map(\.text).filter { !read.contains($0) }.map { $0 + "/" }
    return found
  }

  /// Whether a file has a recurrent layer of a name.
  static func isRecurrent(_ name: String, in archive: ModelArchive) -> Bool {
    guard let groups = try? all(in: archive) else { return false }
    let parts = KerasName.parts(name)
    return groups.contains { group in
      group.tensors[.recurrentKernel] != nil
        && (0...max(0, group.path.count - parts.count)).contains {
          group.path.dropFirst($0).starts(with: parts)
        }
    }
  }

  private var linearLayer: LinearLayer? {
    tensors[.kernel].map { LinearLayer(prefix: text, weight: $0, bias: tensors[.bias], isTransposed: true) }
  }
}

// MARK: - Its weights, in PyTorch's shapes and order

extension KerasGroup {
  /// The cells of Keras, whose order of gates is known.
  static let cells: [CellKind] = [.rnn, .gru, .lstm]

  /// The whole name of its recurrent kernel.
  var recurrentKernel: String { tensors[.recurrentKernel] ?? "" }

  /// The whole name of its kernel, which must be there.
  func kernel() throws(ModelFileError) -> String {
    if let name = tensors[.kernel] { return name }
    throw .mismatch(
      WeightReader.place("\(text)/kernel"), "missing",
      "the file has \(Excerpt.literal(recurrentKernel)); save all weights of the layer")
  }

  /// The shape of one of its weights, as the file has it.
  func shape(_ variable: KerasName.Variable, _ archive: ModelArchive) -> [Int]? {
    tensors[variable].flatMap { archive[$0]?.shape }
  }

  /// Whether it has a bias.
  var hasBias: Bool { tensors[.bias] != nil }

  /// The weights: kernels [I, G·H] and [H, G·H] become W_ih and W_hh, the bias b_ih.
  ///
  /// A GRU's gates are in the order z, r, h, where PyTorch has r, z, n; its bias has a row for each side. The gates of
  /// an LSTM, i, f, c, o, are PyTorch's.
  func parameters(
    _ reader: inout WeightReader, cell: CellKind, inputs: Int, hidden: Int, reason: String
  ) throws(ModelFileError) -> RecurrentParameters<Double> {
    let gates = cell.gates.count
    let rows = gates * hidden
    let kernel = try reader.values(of: kernel(), shape: [inputs, rows], reason: reason)
    let recurrent = try reader.values(of: recurrentKernel, shape: [hidden, rows], reason: reason)
    let biases = try biases(&reader, cell: cell, rows: rows, reason: reason)
    let order = cell == .gru ? [1, 0, 2] : Array(0..<gates)

    func ordered(_ values: [Double]) -> [Double] {
      let block = values.count / gates
      return order.flatMap { values[$0 * block..<($0 + 1) * block] }
    }
    func matrix(_ columns: Int, _ values: [Double]) -> Matrix<Double> {
      let transposed = Matrix(rows: columns, columns: rows, values: values).transposed
      return Matrix(rows: rows, columns: columns, values: ordered(transposed.values))
    }
    return RecurrentParameters(
      weightIH: matrix(inputs, kernel), weightHH: matrix(hidden, recurrent), biasIH: ordered(biases.input),
      biasHH: ordered(biases.hidden))
  }

  private func biases(
    _ reader: inout WeightReader, cell: CellKind, rows: Int, reason: String
  ) throws(ModelFileError) -> (input: [Double], hidden: [Double]) {
    let zeros = [Double](repeating: 0, count: rows)
    guard let bias = tensors[.bias] else { return (zeros, zeros) }
    guard cell == .gru else { return (try reader.values(of: bias, shape: [rows], reason: reason), zeros) }
    if reader.archive[bias]?.shape == [rows] {
      throw .unsupported(
        WeightReader.place(bias), "shape [\(rows)], of a GRU with reset_after=False",
        "only GRUs with reset_after=True are supported, whose bias is [2, \(rows)]")
    }
    let both = try reader.values(of: bias, shape: [2, rows], reason: reason)
    return (Array(both[..<rows]), Array(both[rows...]))
  }
}
