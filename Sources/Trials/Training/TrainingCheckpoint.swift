import Foundation
import GradientFlow
import Machine
import Specification
import TextFiles

/// The state of training at a checkpoint: the network under PyTorch's names, the optimiser's running means under those
/// of torch.optim, the state that truncated sequences carry on, and what was recorded so far.
struct TrainingCheckpoint<Element: Scalar> {
  let snapshot: TrainingSnapshot<Element>
  let history: TrainingHistory

  private static var version: String { "1" }

  /// - Throws: `ModelFileError`, ``RunError``.
  package func write(of p: TrialParameters, to files: TrainingFiles) throws {
    let network = snapshot.network
    var tensors = try network.tensors()
    for (name, slot) in zip(snapshot.optimiser.optimiser.slotNames, snapshot.optimiser.slots) {
      tensors += try network.named(slot, prefix: "optimizer.\(name).")
    }
    tensors += try snapshot.carried?.tensors() ?? []
    let record = history.record
    for (name, table) in [
      ("history.rows", record.rows), ("history.profiles", record.profiles),
    ] as [(String, any StoredColumns)] {
      let columns = table.rows == 0 ? 0 : table.byteCount / 8 / table.rows
      tensors.append(
        (
          name,
          try NumericArray(
            littleEndianBytes: table.bytes, storedType: .float64, shape: [columns, table.rows])
        ))
    }
    tensors.append(("history.open_row", try NumericArray(computed: history.openRow)))
    var metadata = TrainingModel.metadata(p, iteration: snapshot.iteration)
    metadata["gradflow.checkpoint"] = Self.version
    metadata["gradflow.parameters"] = p.canonicalJSON
    metadata["gradflow.computed_by"] = Provenance.current.description
    metadata["gradflow.history_columns"] = record.rows.columnList
    metadata["gradflow.profile_columns"] = record.profiles.columnList
    metadata[Self.digestKey] = Self.digest(tensors, metadata)
    try files.write(tensors, metadata: metadata, to: files.checkpoint(p.id))
  }

  private static var digestKey: String { "gradflow.sha256" }

  /// SHA-256 over all arrays and their metadata, so that training never resumes from a damaged file.
  private static func digest(
    _ tensors: [(name: String, array: NumericArray)], _ metadata: [String: String]
  ) -> String {
    var hash = SHA256()
    func add(_ text: String) { hash.update(Array("\(text.utf8.count) \(text)".utf8)) }
    for (name, array) in tensors.sorted(by: { $0.name < $1.name }) {
      add(name)
      add("\(array.storedType) \(array.shape)")
      hash.update(array.littleEndianBytes)
    }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) where key != digestKey {
      add(key)
      add(value)
    }
    return hash.finalize().hexadecimal
  }
}

extension TrainingCheckpoint {
  /// The checkpoint of a trial; nil if there is none, or if it is damaged or another program, processor or
  /// trial has written: training then restarts, which takes time but gives the same result as if nothing had
  /// been interrupted.
  ///
  /// - Throws: `ModelFileError` of kind `refused`: one that only cannot be read now is not given up.
  package init?(
    of p: TrialParameters, like network: Network<Element>, in files: TrainingFiles
  ) throws(ModelFileError) {
    guard let training = p.training, let file = try Self.file(of: p, in: files),
      file.metadata["gradflow.checkpoint"] == Self.version,
      file.metadata["gradflow.parameters"] == p.canonicalJSON,
      file.metadata["gradflow.computed_by"] == Provenance.current.description,
      let iteration = file.metadata["gradflow.iteration"].flatMap({ Int($0) }), iteration > 0,
      file.metadata[Self.digestKey]
        == Self.digest(file.names.compactMap { name in file[name].map { (name, $0) } }, file.metadata)
    else { return nil }
    guard let own = network.arrays(in: file) else { return nil }
    var trained = network
    trained.arrays = own
    var slots: [[[Element]]] = []
    for name in training.optimiser.slotNames {
      guard let slot = network.arrays(in: file, prefix: "optimizer.\(name).") else { return nil }
      slots.append(slot)
    }
    func table<Source>(_ name: String, _ list: String) -> ColumnTable<Source>? {
      guard let array = file[name], array.shape.count == 2, let columns = file.metadata[list] else {
        return nil
      }
      let bytes = array.littleEndianBytes
      return ColumnTable(rows: array.shape[1], columnList: columns, byteCount: bytes.count) { start, buffer in
        buffer.copyBytes(from: bytes[start..<start + buffer.count])
      }
    }
    guard let rows: ColumnTable<TrainingRow> = table("history.rows", "gradflow.history_columns"),
      let profiles: ColumnTable<TrainingProfile> = table("history.profiles", "gradflow.profile_columns")
    else { return nil }
    guard let open = file["history.open_row"]?.doubles(),
      let history = TrainingHistory(TrainingRecord(rows: rows, profiles: profiles), openRow: open)
    else { return nil }
    snapshot = TrainingSnapshot(
      iteration: iteration, network: trained,
      optimiser: OptimiserState(training.optimiser, updates: iteration, slots: slots),
      carried: NetworkState(layers: network.recurrent.layers.count) { file[$0] })
    self.history = history
  }

  private static func file(
    of p: TrialParameters, in files: TrainingFiles
  ) throws(ModelFileError) -> SafetensorsFile? {
    do throws(ModelFileError) {
      return try SafetensorsFile(contentsOf: files.checkpoint(p.id))
    } catch {
      guard error.kind == .refused else { return nil }
      throw error
    }
  }
}

/// The metadata in a trained model file.
enum TrainingModel {
  /// - Parameter task: whose vocabulary a language model needs; nil: it is left out.
  package static func metadata(
    _ p: TrialParameters, iteration: Int, task: (any LearningTask)? = nil
  ) -> [String: String] {
    var metadata = [
      "format": "pt", "gradflow.trial": p.id, "gradflow.iteration": "\(iteration)",
      CellKind.metadataKey: p.cell.rawValue, "gradflow.task": p.task.label,
    ]
    if let nonlinearity = Activation(p.cell) { metadata[Activation.metadataKey] = nonlinearity.rawValue }
    if let vocabulary = (task as? NextToken)?.corpus.vocabulary {
      metadata.merge(vocabulary.metadata, uniquingKeysWith: { own, _ in own })
    }
    return metadata
  }
}
