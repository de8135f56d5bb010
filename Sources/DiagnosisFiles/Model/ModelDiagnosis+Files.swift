import Foundation
import GradientFlow
import TextFiles
import Trials

extension ModelDiagnosis {
  /// A folder of the files of a diagnosis.
  public static var folder: OutputFolder { .diagnosis(tables: MeasurementTable.all.map(\.file)) }

  /// Writes every file of the diagnosis, each whole or not at all; makes the directory if it is missing. Tables of an
  /// earlier diagnosis that this one does not have are removed.
  ///
  /// - Returns: the names of the files.
  /// - Throws: ``RunError/cannotWrite(path:problem:)`` or `ModelFileError`.
  @discardableResult
  public func write(to directory: String) throws -> [String] {
    try Self.folder.check(directory)
    try makeDirectory(directory)
    LeftoverFiles.remove(from: directory)
    func path(_ name: String) -> String { PathName.joined(directory, name) }
    // First what tells that the folder is a diagnosis.
    try AtomicFile.write(Array(summary.text.utf8), to: path("summary.json"))
    try writeTimesteps(path("timesteps.csv"))
    try writeGradients(path("gradients.safetensors"))
    var files = ["timesteps.csv", "summary.json", "gradients.safetensors"]
    func keep(_ name: String, if isWritten: (_ path: String) throws -> Bool) rethrows {
      if try isWritten(path(name)) { files.append(name) } else { unlink(path(name)) }
    }
    for table in MeasurementTable.all { try keep(table.file) { try table.write(layers, to: $0) } }
    try keep("two_time.csv", if: writeTwoTime)
    try keep("elements.csv", if: writeElements)
    try keep("tokens.csv", if: writeTokens)
    try keep("states.safetensors", if: writeStates)
    try keep("state_gradients.safetensors", if: writeStateGradients)
    return files
  }

  private func writeTimesteps(_ path: String) throws {
    let csv = try StreamedFile(path: path)
    let further = TimestepsCSV.FurtherColumns(
      countsSequences: problem.lengths != nil, hasInputGradients: true)
    try csv.write(TimestepsCSV.header(further) + "\n")
    for layer in layers {
      let table = StepTable(
        StepDiagnosis(
          clipped: layer.steps, unclipped: layer.unclippedSteps,
          log10Coefficient: gradients.log10Coefficient))
      try TimestepsCSV(
        name: problem.name, cell: problem.model.cell, shape: layer.shape, clip: problem.clip,
        layer: layer.layer, direction: layer.direction, inputNorms: layer.inputNorms, further: further
      ).write(table) { try csv.write($0) }
    }
    try csv.finish()
  }

  /// Whole gradients as float64; one outside that range with unit norm, its log10 norm in the metadata.
  private func writeGradients(_ path: String) throws {
    var metadata = ["format": "gradientflow-gradients"]
    var tensors: [(name: String, array: NumericArray)] = []
    for entry in gradients.entries {
      let norm = entry.gradient.norm
      var values = entry.gradient.doubles
      if !norm.isZero, !(-1000...1000).contains(norm.exponent) {
        let scale = norm.mantissa * powerOfTwo(norm.exponent - entry.gradient.exponent)
        values = entry.gradient.values.map { $0 / scale }
        metadata["\(entry.name).log10_norm"] = CSVField.number(norm.log10)
      }
      tensors.append((name: entry.name, array: try NumericArray(values, shape: entry.shape)))
    }
    try SafetensorsFile.write(tensors: tensors, metadata: metadata, to: path)
  }

  /// h_t and c_t of the batch element that is followed, [T+1, H], T its own, by layer and direction.
  private func writeStates(_ path: String) throws -> Bool {
    var tensors: [(name: String, array: NumericArray)] = []
    for layer in layers {
      guard let states = layer.states else { continue }
      let shape = [layer.shape.length(of: states.element) + 1, layer.shape.hiddenSize]
      tensors.append((name: layer.place.name("hidden"), array: try NumericArray(states.hidden, shape: shape)))
      if !states.cell.isEmpty {
        tensors.append((name: layer.place.name("cell"), array: try NumericArray(states.cell, shape: shape)))
      }
    }
    guard !tensors.isEmpty else { return false }
    try SafetensorsFile.write(
      tensors: tensors, metadata: ["batch_element": "\(problem.number(of: plan.element))"], to: path)
    return true
  }

  /// ∂L/∂h_t [T+1, B, H] by layer and direction, sequences in the caller's order; 0 where a sequence has no step. Where a
  /// number is outside the range of float64, rows have powers of two of their own [T+1, B] beside.
  private func writeStateGradients(_ path: String) throws -> Bool {
    var tensors: [(name: String, array: NumericArray)] = []
    for layer in layers {
      guard let rows = layer.stateGradients else { continue }
      let (steps, batch, width) = (layer.shape.steps, layer.shape.batch, layer.shape.hiddenSize)
      let isOrdinary = rows.exponents.indices.allSatisfy { row in
        rows.isZero(row: row) || (-900...900).contains(rows.norm(row: row).exponent)
      }
      var values = [Double](repeating: 0, count: rows.values.count)
      var exponents = [Int](repeating: 0, count: rows.exponents.count)
      for t in 0...steps {
        for place in 0..<batch {
          let (from, to) = (t * batch + place, t * batch + problem.number(of: place))
          let power = isOrdinary ? rows.exponents[from] : 0
          for k in 0..<width { values[to * width + k] = scalbn(rows.values[from * width + k], power) }
          exponents[to] = isOrdinary ? 0 : rows.exponents[from]
        }
      }
      tensors.append(
        (
          name: layer.place.name("grad_hidden"),
          array: try NumericArray(values, shape: [steps + 1, batch, width])
        ))
      if !isOrdinary {
        tensors.append(
          (
            name: layer.place.name("grad_hidden") + ".exponent",
            array: try NumericArray(exponents, shape: [steps + 1, batch])
          ))
      }
    }
    guard !tensors.isEmpty else { return false }
    try SafetensorsFile.write(
      tensors: tensors, metadata: ["format": "gradientflow-gradients"], to: path)
    return true
  }

  /// One row per layer, direction and sequence: what becomes of ∂L/∂h_t on its way back; none for a single sequence.
  private func writeElements(_ path: String) throws -> Bool {
    guard problem.batch > 1 else { return false }
    let csv = try StreamedFile(path: path)
    try csv.write(
      "layer,direction,element,steps,log10_grad_h_last,log10_grad_h_first,decades_per_step\n")
    let places = (0..<problem.batch).sorted { problem.number(of: $0) < problem.number(of: $1) }
    for layer in layers {
      for place in places {
        let norms = layer.norms(ofSequence: place)
        var line =
          "\(layer.layer),\(layer.direction.rawValue),\(problem.number(of: place)),\(layer.shape.length(of: place))"
        CSVField.append(norms.last, to: &line)
        CSVField.append(norms.first, to: &line)
        CSVField.append(DecayRate(log10Norms: norms.reversed())?.rate, to: &line)
        try csv.write(line + "\n")
      }
    }
    try csv.finish()
    return true
  }

  /// One row per token that was read: how large ∂L/∂x is where it stands, and ∂L/∂ of its row of the embedding.
  private func writeTokens(_ path: String) throws -> Bool {
    guard let tokens = problem.tokens, let gradients = inputGradients else { return false }
    // Of captures, tokens are those that were read; others of the vocabulary are not known.
    let known = Set(tokens).sorted()
    let places = Dictionary(uniqueKeysWithValues: zip(known, known.indices))
    let ids = tokens.compactMap { places[$0] }
    let count = known.count
    var rows: [[Int]] = Array(repeating: [], count: count)
    for (row, id) in ids.enumerated() { rows[id].append(row) }
    let sums = gradients.sums(byToken: ids, count: count)
    let embedding = ScaledRows(
      width: gradients.width, values: sums.values, exponents: Array(repeating: sums.exponent, count: count))
    let csv = try StreamedFile(path: path)
    try csv.write("token,count,log10_grad_x,log10_grad_embedding\n")
    for (token, own) in rows.enumerated() {
      var line = "\(known[token]),\(own.count)"
      CSVField.append(ScaledNumber.euclideanNorm(own.map { gradients.norm(row: $0) }).log10, to: &line)
      CSVField.append(embedding.norm(row: token).log10, to: &line)
      try csv.write(line + "\n")
    }
    try csv.finish()
    return true
  }

  private func writeTwoTime(_ path: String) throws -> Bool {
    guard let twoTime else { return false }
    let csv = try StreamedFile(path: path)
    let isRagged = problem.lengths != nil
    try csv.write("layer,direction,source,t,log10_grad_h\(isRagged ? ",sequences" : "")\n")
    for (layer, norms) in zip(layers, twoTime.norms) {
      for (source, norms) in zip(twoTime.sources, norms) {
        for (t, norm) in norms.enumerated() where norm > -.infinity {
          let sequences = isRagged ? ",\(layer.shape.states(at: t))" : ""
          try csv.write(
            "\(layer.layer),\(layer.direction.rawValue),\(source),\(t),\(CSVField.number(norm))\(sequences)\n"
          )
        }
      }
    }
    try csv.finish()
    return true
  }
}
