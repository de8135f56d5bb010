/// Recurrent networks with other equations or parameters than those read, told from the names of their weights.
enum UnsupportedVariant {
  /// The error of the first of the file's tensors below `path` that shows one; nil if none does.
  ///
  /// - Parameter path: a module with its separator; empty for the whole file, whose other modules may well have
  ///   a normalisation.
  static func refusal(below path: String, in archive: ModelArchive) -> ModelFileError? {
    // A counter of batches names its normalisation less well than its weights do.
    for name in archive.names where name.hasPrefix(path) && !name.hasSuffix("num_batches_tracked") {
      let parts = KerasName.parts(String(name.dropFirst(path.count))).map { $0.lowercased() }
      if let refusal = refusal(parts, of: name, isInside: !path.isEmpty) { return refusal }
    }
    return nil
  }

  /// The error of the first tensor directly in a module around `path` that is a part of a weight, as
  /// `rnn.weight_hh_l0_raw` beside `rnn.module.weight_hh_l0`; nil if there is none.
  static func refusal(around path: String, in archive: ModelArchive) -> ModelFileError? {
    for name in archive.names {
      let end =
        name.utf8.lastIndex(of: UInt8(ascii: ".")).map { name.utf8.index(after: $0) } ?? name.startIndex
      let (own, leaf) = (String(name[..<end]), String(name[end...]).lowercased())
      guard own != path, path.hasPrefix(own), isReparametrised([leaf], leaf) else { continue }
      return refusal([leaf], of: name, isInside: false)
    }
    return nil
  }

  /// The error of the first of the file's tensors inside one of some layers, by their paths, that shows one; nil if none
  /// does.
  static func refusal(inside layers: Set<String>, in archive: ModelArchive) -> ModelFileError? {
    for name in archive.names {
      let parts = KerasName.parts(name)
      // Most names show none wherever they are.
      guard refusal(parts.map { $0.lowercased() }, of: name, isInside: true) != nil else { continue }
      var path = ""
      for (index, part) in parts.enumerated() {
        path += index == 0 ? part : "/" + part
        guard layers.contains(path) else { continue }
        let rest = parts.dropFirst(index + 1).map { $0.lowercased() }
        guard let refusal = refusal(rest, of: name, isInside: true) else { break }
        return refusal
      }
    }
    return nil
  }

  private static func refusal(_ parts: [String], of name: String, isInside: Bool) -> ModelFileError? {
    guard let leaf = parts.last else { return nil }
    func refused(_ found: String, _ advice: String) -> ModelFileError {
      .unsupported(WeightReader.place(name), found, advice)
    }
    if leaf.hasPrefix("weight_hr") {
      return refused("a projection of the hidden state (proj_size)", "use an LSTM without proj_size")
    }
    if leaf.contains("peephole") || peepholeNames.contains(withoutLayer(leaf)) {
      return refused("peephole connections", "use an LSTM without peepholes")
    }
    if isReparametrised(parts, leaf) {
      return refused(
        "a part of a weight that is reparametrised or pruned",
        "save after torch.nn.utils.parametrize.remove_parametrizations, remove_weight_norm or prune.remove")
    }
    if parts.contains("_packed_params") || parts.contains("_all_weight_values") {
      return refused("quantised weights", "save the model before it is quantised")
    }
    if parts.dropLast().contains(where: { normalisesBatches($0, isInside: isInside) }) {
      return refused("batch normalisation inside the cell", "use an RNN, LSTM or GRU without it")
    }
    if parts.dropLast().contains(where: { normalises($0, isInside: isInside) }) {
      return refused("layer normalisation inside the cell", "use an RNN, LSTM or GRU without it")
    }
    return nil
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

  /// `bn_ih`, `bn_hh`, `bn_c` of a recurrent batch normalisation; inside a module any.
  private static func normalisesBatches(_ part: String, isInside: Bool) -> Bool {
    guard let stem = ["batch_norm", "batchnorm", "bn"].first(where: { part.hasPrefix($0) }) else {
      return false
    }
    let rest = part.dropFirst(stem.count)
    return isInside || ["_i", "_h", "_c", "_ih", "_hh", "_cell"].contains(String(rest))
  }

  /// Inside a recurrent module any normalisation is part of its equations; elsewhere only one of its gates or state.
  private static func normalises(_ part: String, isInside: Bool) -> Bool {
    guard let stem = ["layer_norm", "layernorm", "ln"].first(where: { part.hasPrefix($0) }) else {
      return isInside && part.hasSuffix("norm")
    }
    let rest = part.dropFirst(stem.count)
    return isInside || ["_i", "_h", "_c", "_ih", "_hh", "_x", "_cell"].contains(String(rest))
  }
}
