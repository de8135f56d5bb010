/// Recurrent networks with other equations or parameters than those read, told from the names of their weights.
enum UnsupportedVariant {
  case projection(String)
  case peepholes(String)
  case layerNormalisation(String)
  case reparametrisation(String)
  case quantisation(String)

  /// The first of the file's tensors below `path` that shows one; nil if none does.
  ///
  /// - Parameter path: a module with its separator; empty for the whole file, whose other modules may well have
  ///   a normalisation.
  init?(below path: String, in archive: ModelArchive) {
    for name in archive.names where name.hasPrefix(path) {
      let parts = KerasName.parts(String(name.dropFirst(path.count))).map { $0.lowercased() }
      if let found = Self(parts: parts, name: name, isInside: !path.isEmpty) {
        self = found
        return
      }
    }
    return nil
  }

  /// The first of the file's tensors inside one of some layers, by their paths, that shows one; nil if none does.
  init?(inside layers: Set<String>, in archive: ModelArchive) {
    for name in archive.names {
      let parts = KerasName.parts(name)
      // Most names show none wherever they are.
      guard Self(parts: parts.map { $0.lowercased() }, name: name, isInside: true) != nil else { continue }
      var path = ""
      for (index, part) in parts.enumerated() {
        path += index == 0 ? part : "/" + part
        guard layers.contains(path) else { continue }
        let rest = parts.dropFirst(index + 1).map { $0.lowercased() }
        guard let found = Self(parts: rest, name: name, isInside: true) else { break }
        self = found
        return
      }
    }
    return nil
  }

  private init?(parts: [String], name: String, isInside: Bool) {
    guard let leaf = parts.last else { return nil }
    if leaf.hasPrefix("weight_hr") {
      self = .projection(name)
    } else if leaf.contains("peephole") || Self.peepholeNames.contains(Self.withoutLayer(leaf)) {
      self = .peepholes(name)
    } else if Self.isReparametrised(parts, leaf) {
      self = .reparametrisation(name)
    } else if parts.contains("_packed_params") || parts.contains("_all_weight_values") {
      self = .quantisation(name)
    } else if parts.dropLast().contains(where: { Self.normalises($0, isInside: isInside) }) {
      self = .layerNormalisation(name)
    } else {
      return nil
    }
  }

  /// `weight_ci` of `weight_ci_l0` and `weight_ci_l1_reverse`.
  private static func withoutLayer(_ leaf: String) -> String {
    var parts = leaf.split(separator: "_", omittingEmptySubsequences: false)
    if parts.last == "reverse" { parts.removeLast() }
    guard let layer = parts.last, layer.first == "l", layer.count > 1,
      layer.dropFirst().allSatisfy(\.isNumber)
    else { return leaf }
    return parts.dropLast().joined(separator: "_")
  }

  private static let peepholeNames: Set<String> = [
    "w_ci", "w_cf", "w_co", "wci", "wcf", "wco", "weight_ci", "weight_cf", "weight_co", "w_i_diag",
    "w_f_diag", "w_o_diag",
  ]

  /// Whether a tensor is what weight_norm, spectral_norm, pruning or weight dropout put in the place of a weight.
  private static func isReparametrised(_ parts: [String], _ leaf: String) -> Bool {
    func isWeight(_ part: String) -> Bool { part.hasPrefix("weight_ih") || part.hasPrefix("weight_hh") }
    if let index = parts.lastIndex(of: "parametrizations") {
      return parts[index...].contains(where: isWeight)
    }
    return isWeight(leaf) && ["_g", "_v", "_u", "_orig", "_mask", "_raw"].contains { leaf.hasSuffix($0) }
  }

  /// Inside a recurrent module any normalisation is part of its equations; elsewhere only one of its gates or state.
  private static func normalises(_ part: String, isInside: Bool) -> Bool {
    guard let stem = ["layer_norm", "layernorm", "ln"].first(where: { part.hasPrefix($0) }) else {
      return isInside && part.hasSuffix("norm")
    }
    let rest = part.dropFirst(stem.count)
    return isInside || ["_i", "_h", "_c", "_ih", "_hh", "_x", "_cell"].contains(String(rest))
  }

  /// What is found, and what to do.
  var refusal: ModelFileError {
    switch self {
    case .projection(let name):
      .unsupported(
        WeightReader.place(name), "a projection of the hidden state (proj_size)",
        "use an LSTM without proj_size")
    case .peepholes(let name):
      .unsupported(WeightReader.place(name), "peephole connections", "use an LSTM without peepholes")
    case .layerNormalisation(let name):
      .unsupported(
        WeightReader.place(name), "layer normalisation inside the cell",
        "use an RNN, LSTM or GRU without it")
    case .reparametrisation(let name):
      .unsupported(
        WeightReader.place(name), "a part of a weight that is reparametrised or pruned",
        "save after torch.nn.utils.parametrize.remove_parametrizations, remove_weight_norm or prune.remove")
    case .quantisation(let name):
      .unsupported(WeightReader.place(name), "quantised weights", "save the model before it is quantised")
    }
  }
}
