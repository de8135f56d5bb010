import LinearAlgebra

/// An embedding of a model's file: a row of I numbers for each token.
public struct StoredEmbedding: Sendable, Equatable {
  /// The name of its tensor.
  public let name: String
  /// [V, I].
  public let weight: Matrix<Double>
}

extension StoredEmbedding {
  /// The tensors that may be the embedding of a layer that reads `width` numbers: those named so, of its width.
  static func candidates(in archive: ModelArchive, width: Int) -> [String] {
    archive.names.filter { name in
      guard let array = archive[name], array.storedType.isFloatingPoint, array.shape.count == 2 else {
        return false
      }
      return array.shape[1] == width && array.shape[0] > 0 && TensorRole(name: name) == .embedding
    }
  }

  /// Reads the embedding of a name, or the only one that may be it; nil if there is none.
  ///
  /// - Throws: `ModelFileError` of kind `mismatch` where several may be it, or none has the name.
  static func read(
    _ name: String?, _ reader: inout WeightReader, width: Int
  ) throws(ModelFileError) -> StoredEmbedding? {
    if let name {
      let stem = name.hasSuffix(".") || name.hasSuffix("/") ? String(name.dropLast()) : name
      let wholes = [stem, stem + ".weight", stem + "/embeddings", stem + ".embeddings"]
      let all = reader.archive.names.filter { tensor in
        wholes.contains { tensor == $0 || tensor.hasSuffix("." + $0) || tensor.hasSuffix("/" + $0) }
      }
      guard all.count == 1 else {
        throw .mismatch(
          "embedding \(Excerpt.literal(name))",
          all.isEmpty ? "no tensor of this name" : "several tensors of this name",
          "the file has \(Excerpt.literals(all.isEmpty ? reader.archive.names : all))")
      }
      return try read(tensor: all[0], &reader, width: width)
    }
    let candidates = candidates(in: reader.archive, width: width)
    guard candidates.count < 2 else {
      throw .mismatch(
        "embedding", "several may be it: \(Excerpt.literals(candidates))", "choose one with --embedding")
    }
    return try candidates.first.map { (name) throws(ModelFileError) in
      try read(tensor: name, &reader, width: width)
    }
  }

  private static func read(
    tensor name: String, _ reader: inout WeightReader, width: Int
  ) throws(ModelFileError) -> StoredEmbedding {
    let shape = try reader.shape(of: name, rank: 2)
    let values = try reader.values(
      of: name, shape: [shape[0], width], reason: "since the recurrent layers read \(width) numbers")
    return StoredEmbedding(name: name, weight: Matrix(rows: shape[0], columns: width, values: values))
  }
}
