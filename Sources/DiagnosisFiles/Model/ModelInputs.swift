import GradientFlow

/// What a model reads, from the files of a request: numbers or token ids, packed.
struct ModelInputs {
  let layout: BatchLayout
  /// Whether the file has one sequence, without an axis for the batch.
  let isUnbatched: Bool
  /// T and B of the file.
  let steps, batch: Int
  /// The order in which sequences of different lengths are packed; nil where all have T steps.
  let order: SequenceOrder?
  let inputs: SequenceInputs<Double>
  /// Whether they are token ids, read through the embedding of the file.
  let embedding: StoredEmbedding?
  let notes: [String]

  /// T, B and lengths.
  var shape: BatchShape { order?.shape ?? BatchShape(steps: steps, batch: batch) }
}

extension ModelInputs {
  /// Reads the inputs of a request.
  ///
  /// - Parameter evidence: numbers of sequences that other arrays have, by the two leading extents of the inputs.
  /// - Throws: ``CaseError`` or `ModelFileError`.
  init(
    _ request: ModelFilesRequest, _ trained: inout TrainedModel,
    evidence: (_ extents: [Int]) throws -> [(name: String, batch: Int)]
  ) throws {
    let width = trained.inputSize
    let array = try CheckedArray(path: request.inputs, sizes: .ofModel)
    let shape = array.array.shape
    var notes: [String] = []
    let isWhole = !array.array.storedType.isFloatingPoint
    let canEmbed = request.embedding != nil || trained.hasEmbedding
    // Token ids have no axis of I numbers.
    let areTokens =
      request.embedding != nil || (isWhole && shape.count < 3 && canEmbed)
    guard areTokens || shape.last == width, shape.allSatisfy({ $0 > 0 }),
      areTokens ? (1...2).contains(shape.count) : (2...3).contains(shape.count)
    else { throw Self.wrongShape(array, width: width, canEmbed: canEmbed, trained.tensorsOfInputWidth) }
    if !areTokens, isWhole {
      guard shape.count == 3 else {
        throw CaseError(
          .malformed, place: array.place,
          problem:
            "\(array.array.storedType) numbers of shape \(shape): token ids need an embedding in the model's file "
            + "(--embedding); numbers that the layers read are floating point: save them as such")
      }
      notes.append("\(PathName.last(of: array.place)): whole numbers, read as numbers and not as token ids")
    }
    let axes = areTokens ? shape.count : shape.count - 1
    isUnbatched = axes == 1
    var lengthValues: [Int]?
    if let path = request.lengths {
      let lengths = try CheckedArray(path: path, sizes: .ofModel)
      lengthValues = try ModelFileError.locating(file: path, try lengths.array.integers())
    }
    if isUnbatched {
      layout = .timeFirst
      (steps, batch) = (shape[0], 1)
      notes.append("T = \(steps) steps, one sequence")
    } else {
      let extents = BatchExtents(
        place: array.place, first: shape[0], second: shape[1], evidence: try evidence(Array(shape.prefix(2))))
      let (found, reason) = try extents.layout(given: request.layoutOfBatch)
      layout = found
      (steps, batch) = (extents.steps(found), extents.batch(found))
      notes.append(
        "T = \(steps) step\(steps == 1 ? "" : "s"), B = \(batch) sequence\(batch == 1 ? "" : "s")"
          + (reason.map { ": \(found == .batchFirst ? "batch" : "time") first, \($0)" } ?? ""))
    }
    let order: SequenceOrder? =
      if let lengthValues {
        try Self.order(lengthValues, steps: steps, batch: batch, place: request.lengths ?? "")
      } else { nil }
    self.order = order
    if areTokens {
      let embedding = try trained.embedding(named: request.embedding)
      guard let embedding else {
        throw CaseError(.malformed, place: array.place, problem: "the model's file has no embedding")
      }
      self.embedding = embedding
      let count = embedding.weight.rows
      let ids = try array.classes(shape: shape, count: count, what: ("token", "the embedding has rows"))
      let ordered = layout == .batchFirst ? transposed(ids, rows: batch, columns: steps, width: 1) : ids
      inputs = .tokens(
        order?.pack(Self.cut(ordered, order, steps, batch, width: 1), width: 1) ?? ordered, count: count)
      notes.append("token ids, read through \(embedding.name) [\(count), \(width)]")
      if order == nil, let note = Self.paddingNote(ordered, embedding, steps, batch) { notes.append(note) }
      let before = request.embedding == nil ? trained.unused().filter { $0.reason == .mayStandBefore } : []
      guard before.isEmpty else {
        throw CaseError(
          .malformed, place: array.place,
          problem: "token ids, but more may stand between \(embedding.name) and the recurrent layers: "
            + before.map(\.text).joined(separator: ", ")
            + "; say --embedding \(embedding.name) if they read it directly; else give the numbers that they read"
        )
      }
    } else {
      embedding = nil
      let padded = try Self.padded(array, shape, layout, steps: steps, batch: batch, width: width)
      if order == nil, let note = try Self.paddingNote(padded, array, steps, batch, width) {
        notes.append(note)
      }
      let values = order?.pack(Self.cut(padded, order, steps, batch, width: width), width: width) ?? padded
      if let k = values.firstIndex(where: { !$0.isFinite }) {
        throw CaseError(
          .malformed, place: array.place,
          problem: "\(values[k]) within a sequence; inputs, targets and weights must be finite")
      }
      inputs = .dense(values)
    }
    self.notes = notes
  }

  /// The steps up to that of the longest sequence, [T, B, width].
  static func cut<Number>(
    _ values: [Number], _ order: SequenceOrder?, _ steps: Int, _ batch: Int, width: Int
  ) -> [Number] {
    guard let order, order.lengths.steps < steps else { return values }
    return Array(values.prefix(order.lengths.steps * batch * width))
  }

  private static func order(
    _ lengths: [Int], steps: Int, batch: Int, place: String
  ) throws(CaseError) -> SequenceOrder {
    guard lengths.count == batch else {
      throw CaseError(
        .malformed, place: place, problem: "has \(lengths.count) lengths for B = \(batch) sequences")
    }
    if let k = lengths.firstIndex(where: { !(1...steps).contains($0) }) {
      throw CaseError(
        .malformed, place: place, problem: "sequence \(k) has length \(lengths[k]); allowed are 1…\(steps)")
    }
    return SequenceOrder(lengths)
  }

  /// [T, B, I], which may hold NaN as padding.
  private static func padded(
    _ array: CheckedArray, _ shape: [Int], _ layout: BatchLayout, steps: Int, batch: Int, width: Int
  ) throws(CaseError) -> [Double] {
    let values = array.array.doubles()
    guard layout == .batchFirst else { return values }
    return transposed(values, rows: batch, columns: steps, width: width)
  }

  /// What looks like padding: an error for NaN behind the sequences, a note for zeros.
  private static func paddingNote(
    _ values: [Double], _ array: CheckedArray, _ steps: Int, _ batch: Int, _ width: Int
  ) throws(CaseError) -> String? {
    func lengths(_ isPadding: (Double) -> Bool) -> [Int] {
      (0..<batch).map { b in
        var length = steps
        while length > 0 {
          let first = ((length - 1) * batch + b) * width
          guard values[first..<first + width].allSatisfy(isPadding) else { break }
          length -= 1
        }
        return length
      }
    }
    if values.contains(where: \.isNaN) {
      let found = lengths(\.isNaN)
      let padding = found.reduce(0) { $0 + (steps - $1) * width }
      if found.allSatisfy({ $0 > 0 }), values.count(where: \.isNaN) == padding {
        throw CaseError(
          .malformed, place: array.place,
          problem:
            "NaN behind the end of \(found.count { $0 < steps }) of \(batch) sequences, as padding: give their "
            + "lengths with --lengths lengths.npy, here \(listed(found))")
      }
    }
    // Says which element of the file is no number.
    _ = try array.doubles(shape: array.array.shape)
    let found = lengths { $0 == 0 }
    guard found.contains(where: { $0 < steps }), found.contains(steps), found.allSatisfy({ $0 > 0 }) else {
      return nil
    }
    return
      "\(found.count { $0 < steps }) of \(batch) sequences end in zeros: if that is padding, give their lengths "
      + "with --lengths lengths.npy, here \(listed(found)); now it is read as data"
  }

  /// Ids that look like padding: at the ends of some sequences one whose row of the embedding is zero, as of padding_idx.
  private static func paddingNote(
    _ ids: [Int], _ embedding: StoredEmbedding, _ steps: Int, _ batch: Int
  ) -> String? {
    let width = embedding.weight.columns
    func isPadding(_ id: Int) -> Bool {
      embedding.weight.values[id * width..<(id + 1) * width].allSatisfy { $0 == 0 }
    }
    let found = (0..<batch).map { b in
      (0..<steps).last { !isPadding(ids[$0 * batch + b]) }.map { $0 + 1 } ?? 0
    }
    guard found.contains(where: { $0 < steps }), found.contains(steps), found.allSatisfy({ $0 > 0 }) else {
      return nil
    }
    return
      "\(found.count { $0 < steps }) of \(batch) sequences end in a token whose row of \(embedding.name) is zero: if that "
      + "is padding, give their lengths with --lengths lengths.npy, here \(listed(found)); now it is read as data"
  }

  private static func listed(_ lengths: [Int]) -> String {
    let shown = lengths.prefix(8).map(String.init).joined(separator: ", ")
    return "[\(shown)\(lengths.count > 8 ? ", …" : "")]"
  }

  private static func wrongShape(
    _ array: CheckedArray, width: Int, canEmbed: Bool, _ candidates: [String]
  ) -> CaseError {
    let shape = array.array.shape
    let isWhole = !array.array.storedType.isFloatingPoint
    var problem =
      "has shape \(shape); the model reads [T, B, \(width)], [B, T, \(width)], or [T, \(width)] for one sequence"
    if canEmbed { problem += "; or token ids [T, B], integers, through the embedding of its file" }
    if canEmbed, !isWhole, shape.count < 3 {
      problem += "; these are \(array.array.storedType): save ids as integers"
    }
    if !canEmbed, isWhole, shape.count < 3 {
      problem +=
        "; token ids need an embedding of \(width) numbers in the model's file" + proposal(candidates)
    }
    return CaseError(.malformed, place: array.place, problem: problem)
  }

  /// Which tensors could be the embedding.
  private static func proposal(_ candidates: [String]) -> String {
    candidates.isEmpty
      ? ", which it does not have"
      : ": if it is one of \(Excerpt.list(candidates)), say --embedding \(Excerpt.shortened(candidates[0]))"
  }
}
