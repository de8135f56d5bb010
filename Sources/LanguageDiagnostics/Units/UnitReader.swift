import GradientDiagnostics
import Language
import LinearAlgebra
import RecurrentCells

/// Reads a text and hands out what every unit has after each token: a piece of rows at a time.
///
/// Several readers side by side each read a stretch of the text, so that products have many rows. All but the first begin
/// ``HeldOutStream/context`` tokens before their stretch from a zero state.
struct UnitReader<Cell: RecurrentCell> {
  typealias Element = Cell.Element
  private let network: Network<Element>
  private let groups: [UnitGroup]
  /// Tokens that a reader reads before the first one whose rows are handed out.
  static var context: Int { 100 }
  /// Rows of a piece.
  static var piece: Int { 512 }
  /// The most readers, and the least tokens that one of several reads.
  static var mostReaders: Int { 16 }
  static var leastStretch: Int { 4096 }

  init(_ network: Network<Element>) {
    self.network = network
    groups = UnitGroup.all(layers: network.recurrent.layers.count, of: network.cell)
  }

  /// Reads all tokens.
  ///
  /// - Parameter visit: rows [rows, U] of all groups side by side in their order, the token of the first of them, and which
  ///   reader it is. Pieces of one reader come in order, and every token is in one piece.
  /// - Throws: ``LanguageModelError/diverged(token:)``, and what `visit` throws.
  func read(
    _ tokens: [Int32],
    _ visit: (_ rows: UnsafeBufferPointer<Element>, _ first: Int, _ reader: Int) throws -> Void
  ) throws {
    let readers = max(1, min(Self.mostReaders, tokens.count / Self.leastStretch))
    let starts = (0...readers).map { $0 * tokens.count / readers }
    let hidden = network.recurrent.hiddenSize
    let width = groups.count * hidden
    let longest = (0..<readers).map { starts[$0 + 1] - starts[$0] }.max() ?? 0
    let pass = NetworkPass<Cell>(tapeBudget: .max)
    var state: NetworkState<Element>?
    var hasRead = false
    // The context is read first, and is in no piece.
    var done = readers == 1 ? 0 : -Self.context
    // By reader, then by step.
    let rows = AlignedBuffer<Element>(uninitializedCount: readers * Self.piece * width)
    while done < longest {
      let steps = done < 0 ? -done : min(Self.piece, longest - done)
      let read = (0..<steps).flatMap { t in
        starts.dropLast().map { start in
          let place = start + done + t
          return tokens.indices.contains(place) ? Int(tokens[place]) : 0
        }
      }
      pass.run(
        network,
        on: NetworkInputs(
          shape: BatchShape(steps: steps, batch: readers),
          inputs: .tokens(read, count: network.inputSize), initialState: state), keepsWeights: hasRead)
      hasRead = true
      if let divergence = pass.divergence { throw LanguageModelError.diverged(token: divergence.step) }
      state = pass.state(steps)
      if done < 0 {
        // The first reader has nothing before its stretch.
        state?.clear(batchElement: 0, hiddenSize: hidden)
      } else {
        write(pass, batch: readers, into: rows.base)
        for b in 0..<readers {
          let count = min(steps, starts[b + 1] - starts[b] - done)
          guard count > 0 else { continue }
          try visit(
            UnsafeBufferPointer(start: rows.base + b * Self.piece * width, count: count * width),
            starts[b] + done, b)
        }
      }
      done += steps
    }
  }

  /// Writes what every unit has after every step, by batch element, then by step.
  private func write(_ pass: NetworkPass<Cell>, batch: Int, into rows: UnsafeMutablePointer<Element>) {
    let hidden = network.recurrent.hiddenSize
    let width = groups.count * hidden
    for (l, directions) in pass.layers.enumerated() {
      var gates = GateValues<Element>(of: Cell.self, network.recurrent.layers[l][0], batch: batch)
      let own = groups.enumerated().filter { $0.element.layer == l }
      let hasGates = own.contains { if case .gate = $0.element.quantity { true } else { false } }
      directions[0].pass.visitSteps(.ascending, readsInputs: false) { step in
        if hasGates { gates.load(step) }
        for b in 0..<step.batch {
          let target = rows + (b * Self.piece + step.time - 1) * width
          for (place, group) in own {
            let values: UnsafePointer<Element>
            switch group.quantity {
            case .hidden: values = step.hidden + b * hidden
            case .cell: values = (step.cell ?? step.hidden) + b * hidden
            case .gate(let gate): values = gates.row(b, gate: Cell.gates.firstIndex(of: gate) ?? 0)
            }
            (target + place * hidden).update(from: values, count: hidden)
          }
        }
      }
    }
  }
}

extension NetworkState {
  /// Sets the states of one sequence to zero.
  fileprivate mutating func clear(batchElement b: Int, hiddenSize: Int) {
    let range = b * hiddenSize..<(b + 1) * hiddenSize
    let zeros = [Element](repeating: 0, count: hiddenSize)
    layers = layers.map { directions in
      directions.map { state in
        var (hidden, cell) = (state.hidden, state.cell)
        hidden.replaceSubrange(range, with: zeros)
        cell?.replaceSubrange(range, with: zeros)
        return InitialState(hidden: hidden, cell: cell)
      }
    }
  }
}
