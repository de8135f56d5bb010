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
    try keep("states.safetensors", if: writeStates)
    return files
  }

  private func writeTimesteps(_ path: String) throws {
    let csv = try StreamedFile(path: path)
    try csv.write(TimestepsCSV.header() + "\n")
    for layer in layers {
      let table = StepTable(
        StepDiagnosis(
          clipped: layer.steps, unclipped: layer.unclippedSteps,
          log10Coefficient: gradients.log10Coefficient))
      try TimestepsCSV(
        name: problem.name, cell: problem.model.cell, shape: layer.shape, clip: problem.clip,
        layer: layer.layer,
        direction: layer.direction
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
      tensors: tensors, metadata: ["batch_element": "\(plan.element)"], to: path)
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
