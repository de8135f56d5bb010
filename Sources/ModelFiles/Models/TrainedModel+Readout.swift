import LinearAlgebra
import RecurrentCells

/// The readout where a loss needs it: only where nothing else of the file may stand between it and the recurrent layers.
extension TrainedModel {
  /// The readout, where one is needed.
  ///
  /// - Throws: `ModelFileError` of kind `mismatch`, which names the candidates, if there is none or no clear one, or
  ///   what may stand between it and the recurrent layers.
  public func requiredReadout() throws(ModelFileError) -> Readout<Double> {
    guard let readout, let readoutPrefix else {
      throw ModelFileError(
        .mismatch, file: file, place: "readout",
        found: readoutCandidates.isEmpty
          ? "no linear layer over the \(model.outputSize) hidden units"
          : "several layers qualify: \(Excerpt.literals(readoutCandidates))",
        advice: readoutCandidates.isEmpty
          ? "save it with the model, or choose a loss without a readout" : "choose one with --readout")
    }
    if let reader = readingModule {
      throw ModelFileError(
        .mismatch, file: file, place: "readout \(Excerpt.literal(readoutPrefix))",
        found:
          "the recurrent module \(Excerpt.literal(reader)) reads as many numbers as \(Excerpt.literal(prefix)) gives, "
          + "and may stand between",
        advice: "if the readout reads \(Excerpt.literal(prefix)) directly, say --head \(readoutPrefix)"
          + (layout == .pytorch && !prefix.isEmpty
            ? "; if \(Excerpt.literal(reader)) reads it at every step, --stack \(prefix),\(reader)" : "")
          + "; otherwise capture the model, or hand over the gradient: --upstream g.npy")
    }
    if let other = equallyWideModule {
      throw ModelFileError(
        .mismatch, file: file, place: "readout \(Excerpt.literal(readoutPrefix))",
        found:
          "it reads \(model.outputSize) numbers, which the recurrent module \(Excerpt.literal(other)) gives as well as "
          + "\(Excerpt.literal(prefix))",
        advice:
          "say that it reads this one: --head \(readoutPrefix); or diagnose the other one: --prefix \(other)")
    }
    let between = unused().filter { $0.reason == .mayStandBetween }
    guard between.isEmpty else {
      let proposal = headProposal(between)
      throw ModelFileError(
        .mismatch, file: file, place: "readout \(Excerpt.literal(readoutPrefix))",
        found: "more may stand between it and the recurrent layers, or behind it: "
          + between.prefix(6).map(\.text).joined(separator: ", ")
          + (between.count > 6 ? " and \(between.count - 6) more" : ""),
        advice: "say all that reads the recurrent layers, in its order, with activations: "
          + (proposal.map { "--head \($0), or " } ?? "")
          + "--head \(readoutPrefix) if it reads them directly (in place of --readout); or hand over the gradient itself: "
          + "--upstream g.npy; if one of them stands inside the recurrence, capture the model instead")
    }
    return readout
  }

  /// Another recurrent module that may read what this one gives.
  private var readingModule: String? {
    otherModules.first { path in
      reader.archive.names.contains { name in
        guard name.hasPrefix(path), let shape = reader.archive[name]?.shape, shape.count == 2 else {
          return false
        }
        let leaf = name.dropFirst(path.count)
        if leaf == "kernel" { return shape[0] == model.outputSize }
        return (leaf == "weight_ih" || leaf == "weight_ih_l0") && shape[1] == model.outputSize
      }
    }.map { String($0.dropLast()) }
  }

  /// Another recurrent module that gives as many numbers as this one, so that the readout may be its own.
  private var equallyWideModule: String? {
    otherModules.first { path in
      var widths: [Int] = []
      for name in reader.archive.names where name.hasPrefix(path) {
        guard let shape = reader.archive[name]?.shape, shape.count == 2 else { continue }
        let leaf = name.dropFirst(path.count)
        if leaf == "recurrent_kernel" { widths.append(shape[0]) }
        if leaf == "weight_hh" || leaf.hasPrefix("weight_hh_l0") { widths.append(shape[1]) }
      }
      return widths.reduce(0, +) == model.outputSize
    }.map { String($0.dropLast()) }
  }

  /// `norm,fc` or `fc1,relu,fc2`: a head that fits, of the readout and one more layer; nil where none does.
  private func headProposal(_ between: [UnusedTensor]) -> String? {
    guard let readout, let readoutPrefix else { return nil }
    let width = model.outputSize
    for tensor in between {
      let module = Self.module(of: tensor.name, layout)
      let leaf = tensor.name.dropFirst(module.count + 1)
      guard ["weight", "kernel", "gamma"].contains(leaf) else { continue }
      let name = Excerpt.shortened(module)
      switch tensor.shape.count {
      case 1 where tensor.shape[0] == width: return "\(name),\(readoutPrefix)"
      case 2:
        let (inputs, outputs) =
          layout == .keras ? (tensor.shape[0], tensor.shape[1]) : (tensor.shape[1], tensor.shape[0])
        if inputs == readout.outputSize, inputs != width { return "\(readoutPrefix),relu,\(name)" }
        if inputs == width, outputs == width { return "\(name),relu,\(readoutPrefix)" }
      default: continue
      }
    }
    return nil
  }

  /// The module or path that a tensor is of.
  private static func module(of name: String, _ layout: ModelLayout) -> String {
    let separator: Character = layout == .keras ? "/" : "."
    return name.lastIndex(of: separator).map { String(name[..<$0]) } ?? name
  }
}
