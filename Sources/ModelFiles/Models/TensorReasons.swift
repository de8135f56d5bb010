/// Why tensors of a file that are not used matter, told from the names and shapes beside them.
struct TensorReasons {
  private let archive: ModelArchive
  private let layout: ModelLayout
  /// The recurrent modules that are read, by path.
  private let prefixes: [String]
  /// Other recurrent modules, by path with a separator.
  private let others: Set<String>
  private let readout: Set<String>
  /// D·H, and what the readout gives.
  private let widths: [Int]
  private let inputSize: Int
  /// Tensors by module or path with a separator.
  private let siblings: [String: [String]]

  init(
    _ archive: ModelArchive, layout: ModelLayout, prefixes: [String], others: [String], readout: Set<String>,
    widths: [Int], inputSize: Int
  ) {
    self.archive = archive
    self.layout = layout
    self.prefixes = prefixes
    self.others = Set(others)
    self.readout = readout
    self.widths = widths
    self.inputSize = inputSize
    siblings = Dictionary(grouping: archive.names) { Self.module(of: $0, layout) }
  }

  func reason(for name: String) -> UnusedTensor.Reason {
    if readout.contains(name) { return .readout }
    if let module = otherModule(around: name) { return .otherModule(String(module.dropLast())) }
    let module = Self.module(of: name, layout)
    let shapes = (siblings[module] ?? []).compactMap { archive[$0]?.shape }
    switch TensorRole(name: name) {
    case .embedding where shapes.count == 1 && shapes[0].count == 2: return .embedding
    case .initialHidden, .initialCell: return .initialState
    case .between: return .mayStandBetween
    case .embedding, .other: break
    }
    // A convolution.
    if shapes.contains(where: { $0.count > 2 }) { return .unknown }
    if isBesideRecurrence(name, module) { return .besideRecurrence }
    // A bias is where its weight is.
    let isKeras = layout == .keras
    let areVectors = shapes.allSatisfy { $0.count == 1 }
    let reads = shapes.contains { shape in
      switch shape.count {
      case 1: areVectors && widths.contains(shape[0])
      case 2: widths.contains(isKeras ? shape[0] : shape[1])
      default: false
      }
    }
    if reads { return .mayStandBetween }
    let isLinear = shapes.contains { $0.count == 2 && (isKeras ? $0[1] : $0[0]) == inputSize }
    return isLinear && isOrdinary(module) ? .mayStandBefore : .unknown
  }

  /// The other recurrent module that a tensor is in.
  private func otherModule(around name: String) -> String? {
    let separator = Self.separator(layout)
    var path = ""
    for part in name.split(separator: separator, omittingEmptySubsequences: false).dropLast() {
      path += part + String(separator)
      if others.contains(path) { return path }
    }
    return nil
  }

  /// Whether a tensor stands directly in a module that has a recurrent one inside, as `alpha` beside `cell.weight_hh`, and
  /// is not of a layer by itself.
  private func isBesideRecurrence(_ name: String, _ module: String) -> Bool {
    guard prefixes.contains(where: { !$0.isEmpty && $0.hasPrefix(module) }) else { return false }
    return !(siblings[module] ?? []).contains { $0 != name && Self.isWeight($0.dropFirst(module.count)) }
  }

  /// Whether a module has a weight under its usual name.
  private func isOrdinary(_ module: String) -> Bool {
    (siblings[module] ?? []).contains { Self.isWeight($0.dropFirst(module.count)) }
  }

  private static func isWeight(_ leaf: Substring) -> Bool { leaf == "weight" || leaf == "kernel" }

  private static func separator(_ layout: ModelLayout) -> Character { layout == .keras ? "/" : "." }

  /// The module or path of a tensor, with its separator; empty at the top.
  private static func module(of name: String, _ layout: ModelLayout) -> String {
    name.lastIndex(of: separator(layout)).map { String(name[...$0]) } ?? ""
  }
}
