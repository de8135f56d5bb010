extension ModelLayout {
  /// The layout that the names of a file have.
  ///
  /// - Throws: `ModelFileError` if they have none or both.
  init(namesOf archive: ModelArchive) throws(ModelFileError) {
    switch (Self.isPyTorch(archive), Self.isKeras(archive)) {
    case (true, false): self = .pytorch
    case (false, true): self = .keras
    case (false, false): throw .noRecurrentWeights(in: archive, layout: nil)
    case (true, true):
      throw .mismatch(
        "names", "recurrent weights of PyTorch and of Keras", "choose with --layout pytorch or --layout keras"
      )
    }
  }

  fileprivate static func isPyTorch(_ archive: ModelArchive) -> Bool {
    !PyTorchModule.all(in: archive).isEmpty
  }

  fileprivate static func isKeras(_ archive: ModelArchive) -> Bool {
    archive.names.contains { KerasName($0)?.variable == .recurrentKernel }
  }
}

extension ModelFileError {
  /// There are no recurrent weights, or those of another layout.
  static func noRecurrentWeights(in archive: ModelArchive, layout: ModelLayout?) -> Self {
    if let refusal = UnsupportedVariant.refusal(below: "", in: archive) { return refusal }
    let other: ModelLayout? =
      switch layout {
      case .pytorch: ModelLayout.isKeras(archive) ? .keras : nil
      case .keras: ModelLayout.isPyTorch(archive) ? .pytorch : nil
      case nil: nil
      }
    if let layout, let other {
      return .mismatch(
        "names", "no recurrent weights of the layout \(layout.rawValue)",
        "the file uses the names of the other layout: use --layout \(other.rawValue)")
    }
    return .mismatch(
      "names",
      archive.names.isEmpty ? "no arrays" : "no recurrent weights; the file has \(modules(of: archive))",
      "PyTorch's are called weight_ih_l0, weight_hh_l0, … (a cell's weight_ih, weight_hh), "
        + "Keras's …/kernel and …/recurrent_kernel, behind the name of their module or layer")
  }

  /// The modules of a file with the shapes of their tensors, as `fc (weight [2, 3], bias [2])`.
  private static func modules(of archive: ModelArchive) -> String {
    var order: [String] = []
    var tensors: [String: [String]] = [:]
    for name in archive.names {
      let parts = name.utf8.lastIndex { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "/") }
      let module = parts.map { String(name[..<$0]) } ?? ""
      let leaf = parts.map { String(name[name.utf8.index(after: $0)...]) } ?? name
      if tensors[module] == nil { order.append(module) }
      tensors[module, default: []].append(
        "\(Excerpt.shortened(leaf)) \(Excerpt.shape(archive[name]?.shape ?? []))")
    }
    let shown = order.prefix(6).map { module in
      let own = tensors[module] ?? []
      let list = own.prefix(3).joined(separator: ", ") + (own.count > 3 ? ", …" : "")
      return module.isEmpty ? list : "\(Excerpt.shortened(module)) (\(list))"
    }
    return shown.joined(separator: ", ") + (order.count > 6 ? " and \(order.count - 6) more modules" : "")
  }
}
