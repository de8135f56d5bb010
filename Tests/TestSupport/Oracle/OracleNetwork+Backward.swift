// swift-format-ignore-file: AlwaysUseLowerCamelCase

import Foundation
import RecurrentCells

extension OracleNetwork {
  /// Plain backpropagation through layers and time. All sequences stand at the same distance from their own
  /// end, so that a clip of the batch sees those of one lag.
  public func backward(
    _ trace: OracleTrace, _ batch: [OracleSequence], _ loss: OracleLoss, clip: StepClip = .none
  ) -> OracleGradients {
    var result = OracleGradients()
    var clipping = OracleClipping(clip)
    var W_o = self.W_o.map { $0.map { _ in OracleNumber.zero } }
    var b_o = self.b_o.map { _ in OracleNumber.zero }
    let upstream = lossGradients(trace, loss, &result.loss, &W_o, &b_o)

    let part: NetworkPart? = encoder == nil ? nil : .decoder
    let lowest = walk(
      body, trace.body, upstream, finalCell: nil, masks: batch.map(\.masks), part, &clipping, &result)
    var embedding = scatter(lowest, batch.map(\.inputs), into: body.embedding)
    if isTied { for v in W_o.indices { for k in W_o[v].indices { embedding[v][k] += W_o[v][k] } } }
    let prefix = part.map { "\($0.rawValue)." } ?? ""
    if body.embedding != nil { result.parameters[prefix + "embedding.weight"] = embedding.flatMap { $0 } }
    if !isTied { result.parameters["readout.weight"] = W_o.flatMap { $0 } }
    result.parameters["readout.bias"] = b_o

    if let encoder {
      // By layer: what its final states have from the decoder's initial ones.
      let first = { (values: (OracleLayerGradients) -> [[[OracleNumber]]]) in
        encoder.layers.indices.map { l in
          values(result.layers[LayerPlace(part: .decoder, layer: l)]!).map { $0[0] }
        }
      }
      let (hidden, cells) = (first(\.delta), first(\.kappa))
      let top = encoder.layers.count - 1
      var upstream = trace.encoder[top][0].map { $0.map { $0.h.map { _ in OracleNumber.zero } } }
      for b in upstream.indices { upstream[b][upstream[b].count - 1] = hidden[top][b] }
      let lowest = walk(
        encoder, trace.encoder, [upstream], finalHidden: hidden, finalCell: cells,
        masks: batch.map(\.sourceMasks), .encoder, &clipping, &result)
      if let table = encoder.embedding {
        result.parameters["encoder.embedding.weight"] =
          scatter(lowest, batch.map { $0.source! }, into: table).flatMap { $0 }
      }
    }
    result.clippedFraction = clipping.fraction
    return result
  }

  /// Loss and gradients of one batch.
  public func gradients(
    _ batch: [OracleSequence], _ loss: OracleLoss, clip: StepClip = .none
  ) -> OracleGradients {
    backward(forward(batch), batch, loss, clip: clip)
  }

  // MARK: - Layers

  /// All layers of a part, from the last to the first.
  ///
  /// - Parameters:
  ///   - upstream: by direction, sequence and own step: ∂L/∂h_t of the last layer.
  ///   - finalHidden: by layer and sequence, ∂L/∂h_T beside it; that of the last layer is in `upstream`.
  ///   - finalCell: by layer and sequence, ∂L/∂c_T.
  /// - Returns: ∂L/∂x_t of the first layer [B][T_b][I], in the order of the sequence.
  private func walk(
    _ part: Part, _ traces: OracleTrace.Layers, _ upstream: [[[[OracleNumber]]]],
    finalHidden: [[[OracleNumber]]]? = nil, finalCell: [[[OracleNumber]]]?, masks: [[[[Double]]]],
    _ name: NetworkPart?, _ clipping: inout OracleClipping, _ result: inout OracleGradients
  ) -> [[[OracleNumber]]] {
    var above = upstream
    var below: [[[OracleNumber]]] = []
    for l in part.layers.indices.reversed() {
      below = []
      for (d, cell) in part.layers[l].enumerated() {
        let found = Self.walk(cell, traces[l][d], above[d], finalCell: finalCell?[l], &clipping)
        let place = LayerPlace(part: name, layer: l, direction: Direction.allCases[d])
        result.layers[place] = found
        result.parameters[place.name("weight_ih")] = found.W_ih.flatMap { $0 }
        result.parameters[place.name("weight_hh")] = found.W_hh.flatMap { $0 }
        result.parameters[place.name("bias_ih")] = found.b_ih
        result.parameters[place.name("bias_hh")] = found.b_hh
        let ordered = d == 0 ? found.x : found.x.map { $0.reversed() }
        below =
          below.isEmpty
          ? ordered : zip(below, ordered).map { zip($0, $1).map { zip($0, $1).map { $0 + $1 } } }
      }
      guard l > 0 else { break }
      for b in below.indices where l - 1 < masks[b].count {
        for t in below[b].indices {
          for k in below[b][t].indices { below[b][t][k] = below[b][t][k] * masks[b][l - 1][t][k] }
        }
      }
      let H = hiddenSize
      above = part.layers[l - 1].indices.map { d in
        below.map { rows in
          let own = rows.map { Array($0[d * H..<(d + 1) * H]) }
          return d == 0 ? own : own.reversed()
        }
      }
      if let finalHidden {
        for b in above[0].indices {
          let last = above[0][b].count - 1
          above[0][b][last] = zip(above[0][b][last], finalHidden[l - 1][b]).map { $0 + $1 }
        }
      }
    }
    return below
  }

  /// One layer in one direction, lag by lag.
  private static func walk(
    _ cell: NaiveCell, _ traces: [[NaiveCell.Trace]], _ upstream: [[[OracleNumber]]],
    finalCell: [[OracleNumber]]?, _ clipping: inout OracleClipping
  ) -> OracleLayerGradients {
    let (H, rows) = (cell.hiddenSize, cell.kind.gateCount * cell.hiddenSize)
    func zeros(_ extra: Int, _ width: Int) -> [[[OracleNumber]]] {
      traces.map { Array(repeating: Array(repeating: .zero, count: width), count: $0.count + extra) }
    }
    func matrix(_ width: Int) -> [[OracleNumber]] {
      Array(repeating: Array(repeating: .zero, count: width), count: rows)
    }
    var found = OracleLayerGradients(
      delta: zeros(1, H), kappa: zeros(1, H), clipped: zeros(1, H), immediate: zeros(1, H),
      gamma: zeros(0, rows),
      gammaHidden: zeros(0, rows), x: zeros(0, cell.inputSize), inputs: traces.map { $0.map(\.x) },
      before: traces.map { $0.map(\.before) }, W_ih: matrix(cell.inputSize), W_hh: matrix(H),
      b_ih: matrix(1).map { $0[0] }, b_hh: matrix(1).map { $0[0] })
    for b in traces.indices {
      if let finalCell { found.kappa[b][traces[b].count] = finalCell[b] }
    }
    for lag in 0..<(traces.map(\.count).max() ?? 0) {
      let there = traces.indices.filter { traces[$0].count > lag }
      for b in there {
        let t = traces[b].count - lag
        found.immediate[b][t] = upstream[b][t - 1]
        found.delta[b][t] = zip(found.delta[b][t], upstream[b][t - 1]).map { $0 + $1 }
      }
      let clipped = clipping(there.map { found.delta[$0][traces[$0].count - lag] })
      for (b, dh) in zip(there, clipped) {
        let t = traces[b].count - lag
        let trace = traces[b][t - 1]
        found.clipped[b][t] = dh
        // κ holds what comes from later steps until this one is done.
        let step = cell.backward(dh, found.kappa[b][t], trace)
        found.kappa[b][t] = step.kappa
        found.kappa[b][t - 1] = step.carry
        found.delta[b][t - 1] = step.before
        found.gamma[b][t - 1] = step.gamma
        found.gammaHidden[b][t - 1] = step.gammaHidden
        found.x[b][t - 1] = step.x
        addOuter(step.gamma, trace.x, &found.W_ih, &found.b_ih)
        addOuter(step.gammaHidden, trace.before, &found.W_hh, &found.b_hh)
      }
    }
    for b in traces.indices { found.clipped[b][0] = found.delta[b][0] }
    return found
  }

  /// Σ of the gradients of the rows that were read.
  private func scatter(
    _ gradients: [[[OracleNumber]]], _ inputs: [OracleInputs], into table: [[Double]]?
  ) -> [[OracleNumber]] {
    var sum = (table ?? []).map { $0.map { _ in OracleNumber.zero } }
    for (rows, inputs) in zip(gradients, inputs) {
      guard case .tokens(let ids) = inputs, table != nil else { continue }
      for (row, id) in zip(rows, ids) { for k in row.indices { sum[id][k] += row[k] } }
    }
    return sum
  }

  // MARK: - Losses

  /// L, with ∂L/∂h_t of the last layer by direction, sequence and own step, and the readout's own gradients.
  private func lossGradients(
    _ trace: OracleTrace, _ loss: OracleLoss, _ value: inout Double, _ W_o: inout [[OracleNumber]],
    _ b_o: inout [OracleNumber]
  ) -> [[[[OracleNumber]]]] {
    let H = hiddenSize
    var upstream = body.layers[0].indices.map { _ in
      trace.outputs.map { $0.map { _ in [OracleNumber](repeating: .zero, count: H) } }
    }
    let count = Double(loss.targets.reduce(0) { $0 + $1.count { $0 != nil } })
    for b in trace.outputs.indices {
      let length = trace.outputs[b].count
      for (index, target) in loss.targets[b].enumerated() {
        guard let target else { continue }
        let t = loss.reading == .everyStep ? index : length - 1
        let h = loss.reading == .finalStates ? trace.final[b] : trace.outputs[b][t]
        let dh = gradient(of: target, h, count: count, &value, &W_o, &b_o)
        for d in upstream.indices {
          let own = d == 0 || loss.reading == .finalStates ? t : length - 1 - t
          upstream[d][b][own] = zip(upstream[d][b][own], dh[d * H..<(d + 1) * H]).map { $0 + $1 }
        }
      }
    }
    return upstream
  }

  /// ∂L/∂h of one term.
  private func gradient(
    of target: OracleLoss.Target, _ h: [Double], count: Double, _ value: inout Double,
    _ W_o: inout [[OracleNumber]], _ b_o: inout [OracleNumber]
  ) -> [OracleNumber] {
    let dy: [OracleNumber]
    switch target {
    case .gradient(let g, let power):
      value += zip(g, h).reduce(0) { $0 + scalbn($1.0, power) * $1.1 }
      return g.map { OracleNumber($0, power: power) }
    case .class(let wanted):
      let y = affine(self.W_o, h, self.b_o)
      let top = y.max() ?? 0
      let sum = y.reduce(0) { $0 + exp($1 - top) }
      value += (log(sum) + top - y[wanted]) / count
      let shares = y.map { OracleNumber.exp($0 - top) * (1 / (sum * count)) }
      // The others' sum in place of 1 − p, which has no digits where the class is certain.
      let others = shares.indices.reduce(OracleNumber.zero) { $1 == wanted ? $0 : $0 + shares[$1] }
      dy = shares.indices.map { $0 == wanted ? others * -1 : shares[$0] }
    case .values(let values):
      let y = affine(self.W_o, h, self.b_o)
      let n = count * Double(y.count)
      for (y, wanted) in zip(y, values) { value += (y - wanted) * (y - wanted) / n }
      dy = zip(y, values).map { OracleNumber(2 * ($0 - $1) / n) }
    }
    addOuter(dy, h, &W_o, &b_o)
    return throughRows(dy, self.W_o, width: h.count)
  }
}

/// δ min(1, θ/‖δ‖), by the rows of one lag or by each row, and how often it acts.
struct OracleClipping {
  private let clip: StepClip
  private var looked = 0
  private var engaged = 0

  init(_ clip: StepClip) { self.clip = clip }

  var fraction: Double { looked == 0 ? 0 : Double(engaged) / Double(looked) }

  mutating func callAsFunction(_ rows: [[OracleNumber]]) -> [[OracleNumber]] {
    func bounded(_ rows: [[OracleNumber]], _ threshold: Double) -> [[OracleNumber]] {
      looked += 1
      let norm = OracleNumber.norm(rows.joined())
      // θ/‖δ‖ ≥ 1 is left alone.
      let inverse = OracleNumber(threshold / norm.mantissa, power: -norm.power)
      guard norm.mantissa != 0, inverse.power < 0 else { return rows }
      engaged += 1
      return rows.map { $0.map { $0 * inverse } }
    }
    switch clip {
    case .none: return rows
    case .batch(let threshold): return bounded(rows, threshold)
    case .example(let threshold): return rows.flatMap { bounded([$0], threshold) }
    }
  }
}
