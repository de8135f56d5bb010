/// What every step of every layer left: by layer, direction, sequence, and step in the layer's own time.
public struct OracleTrace: Sendable {
  public typealias Layers = [[[[NaiveCell.Trace]]]]

  public var encoder: Layers = []
  public var body: Layers = []
  /// What the last layer gives [B][T_b][D·H], in the order of the sequence.
  public var outputs: [[[Double]]] = []
  /// The last states of both directions of the last layer side by side [B][D·H].
  public var final: [[Double]] = []
}

extension OracleNetwork {
  /// Runs every sequence, layer by layer.
  public func forward(_ batch: [OracleSequence]) -> OracleTrace {
    var trace = OracleTrace()
    let shape = { (part: Part) in part.layers.map { $0.map { _ in [[NaiveCell.Trace]]() } } }
    if let encoder { trace.encoder = shape(encoder) }
    trace.body = shape(body)
    for sequence in batch {
      var (h_0, c_0) = (sequence.h_0, sequence.c_0)
      if let encoder, let source = sequence.source {
        let run = Self.run(encoder, source, masks: sequence.sourceMasks, h_0: nil, c_0: nil)
        append(run, to: &trace.encoder)
        h_0 = run.map { $0.map { $0[$0.count - 1].h } }
        c_0 = run.map { $0.map { $0[$0.count - 1].c } }
      }
      let run = Self.run(body, sequence.inputs, masks: sequence.masks, h_0: h_0, c_0: c_0)
      append(run, to: &trace.body)
      let last = run[run.count - 1]
      trace.outputs.append(Self.outputs(last))
      trace.final.append(last.flatMap { $0[$0.count - 1].h })
    }
    return trace
  }

  private func append(_ run: [[[NaiveCell.Trace]]], to layers: inout OracleTrace.Layers) {
    for l in run.indices { for d in run[l].indices { layers[l][d].append(run[l][d]) } }
  }

  /// One sequence through the layers of a part: by layer, direction and own step.
  private static func run(
    _ part: Part, _ inputs: OracleInputs, masks: [[[Double]]], h_0: [[[Double]]]?, c_0: [[[Double]]]?
  ) -> [[[NaiveCell.Trace]]] {
    var given = part.rows(inputs)
    var run: [[[NaiveCell.Trace]]] = []
    for (l, layer) in part.layers.enumerated() {
      run.append(
        layer.enumerated().map { d, cell in
          let zero = [Double](repeating: 0, count: cell.hiddenSize)
          var (h, c) = (h_0?[l][d] ?? zero, c_0?[l][d] ?? zero)
          return (d == 0 ? given : given.reversed()).map { x in
            let step = cell.forward(x, h, c)
            (h, c) = (step.h, step.c)
            return step
          }
        })
      given = outputs(run[l])
      if l < masks.count {
        for t in given.indices { for k in given[t].indices { given[t][k] *= masks[l][t][k] } }
      }
    }
    return run
  }

  /// Hidden states of both directions side by side, in the order of the sequence.
  private static func outputs(_ layer: [[NaiveCell.Trace]]) -> [[Double]] {
    let count = layer[0].count
    return (0..<count).map { t in
      layer.enumerated().flatMap { d, steps in steps[d == 0 ? t : count - 1 - t].h }
    }
  }
}
