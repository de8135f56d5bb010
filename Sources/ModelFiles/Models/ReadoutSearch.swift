/// The choice of the linear layer that reads the hidden state, among those of a file.
struct ReadoutSearch {
  let layers: [LinearLayer]
  /// D·H.
  let width: Int
  /// I, the width of what an embedding gives.
  let inputs: Int

  /// The layer chosen, if there is one, and what the caller should know of it.
  struct Choice {
    var layer: LinearLayer?
    /// Those that may be it, where none is chosen.
    var candidates: [String] = []
    var notes: [String] = []
  }

  /// - Parameter name: the module or path of the readout; nil to choose the one that there is no doubt about.
  func choice(_ archive: ModelArchive, named name: String?) throws(ModelFileError) -> Choice {
    let fitting = layers.filter { $0.extent(archive)?.inputs == width }
    if let name { return Choice(layer: try layer(named: name, fitting)) }
    if let preferred = Self.only(fitting, named: TrainedModel.readoutName) { return Choice(layer: preferred) }
    // An embedding has weights [tokens, I] and no bias: nothing but the name tells it from a readout.
    let clear = fitting.filter { $0.bias != nil || $0.isTransposed || width != inputs }
    if clear.count == 1 {
      let others = clear[0].extent(archive)?.outputs ?? 0
      return Choice(
        layer: clear[0],
        notes: [
          "readout: \(Excerpt.literal(clear[0].prefix)), the only linear layer from \(width) units, to \(others)"
        ])
    }
    let candidates = fitting.map(\.prefix)
    let notes =
      candidates.isEmpty
      ? [] : ["no readout chosen: candidates are \(Excerpt.literals(candidates)); choose one with --readout"]
    return Choice(candidates: candidates, notes: notes)
  }

  /// The layer with a name, or the only one that has it inside a module.
  private static func only(_ layers: [LinearLayer], named name: String) -> LinearLayer? {
    if let layer = layers.first(where: { $0.prefix == name }) { return layer }
    let inside = layers.filter { $0.prefix.hasSuffix("." + name) || $0.prefix.hasSuffix("/" + name) }
    return inside.count == 1 ? inside[0] : nil
  }

  private func layer(named name: String, _ fitting: [LinearLayer]) throws(ModelFileError) -> LinearLayer {
    let ending = [".weight", "/kernel", ".kernel", ".", "/"].first { name.hasSuffix($0) } ?? ""
    let prefix = String(name.dropLast(ending.count))
    if let layer = Self.only(layers, named: prefix) { return layer }
    let shown = (fitting.isEmpty ? layers : fitting).map(\.prefix)
    throw .mismatch(
      "readout \(Excerpt.literal(name))", "no linear layer of this name",
      shown.isEmpty ? "the file has none; omit --readout" : "the file has \(Excerpt.literals(shown))")
  }
}
