// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation
import LinearAlgebra
import RecurrentCells

/// The library's types for an oracle's network.
extension OracleNetwork {
  public var kind: CellKind { CellKind(rawValue: cell.rawValue)! }

  public func library<Element: Scalar>(_ type: Element.Type) -> Network<Element> {
    let embedding = body.embedding.map { matrix($0) as Matrix<Element> }
    return Network(
      encoder: encoder.map {
        Encoder(embedding: $0.embedding.map { matrix($0) }, recurrent: $0.library(kind))
      },
      embedding: embedding, recurrent: body.library(kind), readout: readout(type), tiesReadout: isTied)
  }

  func readout<Element: Scalar>(_: Element.Type) -> Readout<Element> {
    Readout(weight: matrix(W_o), bias: Element.array(b_o))
  }
}

extension OracleNetwork.Part {
  fileprivate func library<Element: Scalar>(_ kind: CellKind) -> RecurrentModel<Element> {
    RecurrentModel(cell: kind, layers: layers.map { $0.map { $0.library() } })
  }
}

extension NaiveCell {
  /// Its weights.
  public var parameters: RecurrentParameters<Double> { library() }

  fileprivate func library<Element: Scalar>() -> RecurrentParameters<Element> {
    RecurrentParameters(
      weightIH: matrix(W_ih), weightHH: matrix(W_hh), biasIH: Element.array(b_ih),
      biasHH: Element.array(b_hh))
  }
}

private func matrix<Element: Scalar>(_ rows: [[Double]]) -> Matrix<Element> {
  Matrix(rows: rows.count, columns: rows[0].count, values: Element.array(rows.flatMap { $0 }))
}

/// Sequences of a batch, longest first, row by row as the library packs them.
public struct OraclePacking: Sendable {
  public let lengths: [Int]

  /// T.
  public var steps: Int { lengths[0] }

  /// By row: which sequence's it is, and which of its own steps, from 0.
  public var rows: [(sequence: Int, step: Int)] {
    (0..<steps).flatMap { t in
      lengths.indices.compactMap { b in
        let own = t - (steps - lengths[b])
        return own >= 0 ? (b, own) : nil
      }
    }
  }

  public var shape: BatchShape {
    BatchShape(steps: steps, batch: lengths.count, lengths: SequenceLengths(lengths))
  }

  /// [B][T_b] in the order of rows.
  public func pack<Value>(_ values: [[Value]]) -> [Value] { rows.map { values[$0.sequence][$0.step] } }

  func inputs<Element: Scalar>(_ sequences: [OracleInputs], vocabulary: Int) -> SequenceInputs<Element> {
    if case .tokens = sequences[0] {
      return .tokens(
        pack(
          sequences.map {
            if case .tokens(let ids) = $0 { return ids }
            return []
          }), count: vocabulary)
    }
    return .dense(
      Element.array(
        pack(
          sequences.map { (inputs: OracleInputs) -> [[Double]] in
            if case .dense(let rows) = inputs { return rows }
            return []
          }
        ).flatMap { $0 }))
  }
}

extension OracleCase {
  public var packing: OraclePacking { OraclePacking(lengths: batch.map(\.count)) }

  public func inputs<Element: Scalar>(_: Element.Type) -> NetworkInputs<Element> {
    func vocabulary(_ part: OracleNetwork.Part) -> Int {
      part.embedding?.count ?? part.layers[0][0].inputSize
    }
    var source: (shape: BatchShape, inputs: SequenceInputs<Element>)?
    if let encoder = network.encoder {
      let sources = batch.compactMap(\.source)
      let packing = OraclePacking(lengths: sources.map(\.count))
      source = (packing.shape, packing.inputs(sources, vocabulary: vocabulary(encoder)))
    }
    return NetworkInputs(
      shape: packing.shape, inputs: packing.inputs(batch.map(\.inputs), vocabulary: vocabulary(network.body)),
      source: source, initialState: initialState(Element.self))
  }

  private func initialState<Element: Scalar>(_: Element.Type) -> NetworkState<Element>? {
    guard batch[0].h_0 != nil else { return nil }
    return NetworkState(
      layers: network.body.layers.indices.map { l in
        network.body.layers[l].indices.map { d in
          InitialState(
            hidden: Element.array(batch.flatMap { $0.h_0?[l][d] ?? [] }),
            cell: network.cell == .lstm ? Element.array(batch.flatMap { $0.c_0?[l][d] ?? [] }) : nil)
        }
      })
  }

  /// The same with the readout of a network, which its loss holds.
  public func withReadout(of library: Network<Double>) -> OracleCase {
    let weight = library.readout.weight
    var copy = self
    copy.network.W_o = (0..<weight.rows).map { row in
      Array(weight.values[row * weight.columns..<(row + 1) * weight.columns])
    }
    copy.network.b_o = library.readout.bias
    return copy
  }

  public var libraryReading: FinalReading { loss.reading == .lastOutput ? .lastOutput : .finalStates }

  public func libraryLoss<Element: Scalar>(_ type: Element.Type) -> any SequenceLoss<Element> {
    let placement: LossPlacement = loss.reading == .everyStep ? .everyStep : .finalStep
    let targets = placement == .everyStep ? packing.pack(loss.targets) : loss.targets.map { $0[0] }
    var (classes, values) = ([Int](), [Double]())
    var powers: [Int] = []
    for target in targets {
      switch target {
      case nil: classes.append(ignoredClass)
      case .class(let label): classes.append(label)
      case .values(let wanted): values += wanted
      case .gradient(let gradient, let power):
        values += gradient
        powers.append(power)
      }
    }
    if !powers.isEmpty {
      return UpstreamGradient(
        values: Element.array(values), exponents: powers.contains { $0 != 0 } ? powers : nil,
        placement: placement)
    }
    if !values.isEmpty {
      return MeanSquaredErrorLoss(
        targets: Element.array(values), readout: network.readout(type), placement: placement)
    }
    return CrossEntropyLoss(classes: classes, readout: network.readout(type), placement: placement)
  }
}
