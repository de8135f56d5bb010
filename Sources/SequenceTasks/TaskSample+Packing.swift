import LinearAlgebra
import RecurrentCells

extension TaskSample {
  /// Groups of sequences, each of one length, in one batch.
  ///
  /// - Parameters:
  ///   - runs: the length and the number of the sequences of each group, longest first.
  ///   - hasTargetOfEachStep: whether its targets are of each row, or of each sequence.
  init(packing groups: [TaskSample], _ runs: [SequenceLengths.Run], hasTargetOfEachStep: Bool) {
    let rows = PackedGroups(runs)
    func targets<Value>(_ values: (TaskSample) -> [Value]) -> [Value] {
      let groups = groups.map(values)
      return hasTargetOfEachStep ? rows.pack(groups) : groups.flatMap { $0 }
    }
    self.init(
      SequenceInputs(packing: groups.map(\.inputs), rows), classes: targets(\.classes),
      values: targets(\.values), lengths: rows.lengths,
      source: Source(packing: groups.compactMap(\.source)))
  }

  /// T, B and lengths of what it holds, of which `steps` and `batch` were asked for.
  public func shape(steps: Int, batch: Int) -> BatchShape {
    BatchShape(steps: lengths?.steps ?? steps, batch: batch, lengths: lengths)
  }
}

extension TaskSample.Source {
  init?(packing groups: [TaskSample.Source]) {
    guard !groups.isEmpty else { return nil }
    let rows = PackedGroups(groups.map { .init(length: $0.shape.steps, count: $0.shape.batch) })
    self.init(
      shape: BatchShape(steps: rows.lengths.steps, batch: rows.lengths.batch, lengths: rows.lengths),
      inputs: SequenceInputs(packing: groups.map(\.inputs), rows))
  }
}

extension SequenceInputs {
  init(packing groups: [SequenceInputs], _ rows: PackedGroups) {
    var (numbers, ids, count) = ([[Element]](), [[Int]](), 0)
    for group in groups {
      switch group {
      case .dense(let values): numbers.append(values)
      case .tokens(let tokens, let tokenCount): (ids, count) = (ids + [tokens], tokenCount)
      }
    }
    self = ids.isEmpty ? .dense(rows.pack(numbers)) : .tokens(rows.pack(ids), count: count)
  }
}

/// Where the rows of groups of sequences, each of one length, lie in a batch that has them all.
struct PackedGroups {
  let lengths: SequenceLengths
  private let runs: [SequenceLengths.Run]

  /// - Parameter runs: longest first.
  init(_ runs: [SequenceLengths.Run]) {
    self.runs = runs
    lengths = SequenceLengths(runs.flatMap { Array(repeating: $0.length, count: $0.count) })
  }

  /// Rows [T_g, B_g, ·] of each group, in one array: at each step those of the first group come first. All end at one step.
  ///
  /// - Complexity: O(values), a copy for each step of each group.
  func pack<Value>(_ groups: [[Value]]) -> [Value] {
    let total = groups.reduce(0) { $0 + $1.count }
    return [Value](unsafeUninitializedCapacity: total) { packed, filled in
      guard let start = packed.baseAddress else { return }
      for t in 1...lengths.steps {
        for (run, group) in zip(runs, groups) {
          let own = t - (lengths.steps - run.length)
          guard own >= 1 else { break }
          let size = group.count / run.length
          group.withUnsafeBufferPointer { rows in
            guard let first = rows.baseAddress else { return }
            (start + filled).initialize(from: first + (own - 1) * size, count: size)
          }
          filled += size
        }
      }
    }
  }
}
