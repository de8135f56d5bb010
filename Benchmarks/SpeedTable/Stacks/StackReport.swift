import GradientFlow

/// What was measured of one stack, µs a pass.
struct StackMeasurement {
  let row: StackRow
  let whole, layersAlone: Double
  let peers: [Peer.Kind: Double]

  /// Measures all in turns, `rounds` times, and takes the medians.
  init(_ row: StackRow, peers: [Peer], rounds: Int, seconds: Double) throws {
    self.row = row
    var (wholes, alone): ([Double], [Double]) = ([], [])
    var others: [Peer.Kind: [Double]] = [:]
    for _ in 0..<rounds {
      let own = OwnStack(row, seconds: seconds)
      wholes.append(own.whole)
      alone.append(own.layersAlone)
      for peer in peers { others[peer.kind, default: []].append(try peer.time(seconds: seconds)) }
    }
    (whole, layersAlone) = (median(wholes), median(alone))
    self.peers = others.mapValues(median)
  }

  /// Milliseconds and how many times slower, of each peer.
  fileprivate func against(_ kinds: [Peer.Kind]) -> [String] {
    kinds.map { number(peers[$0].map { $0 / 1000 }) }
      + kinds.map { number(peers[$0].map { $0 / whole }, 2) }
  }
}

/// The measurements as Markdown.
struct StackReport {
  let heading: String
  let kinds: [Peer.Kind]
  let stacks, ragged: [StackMeasurement]

  var text: String {
    var lines = [heading, ""]
    if !stacks.isEmpty { lines += depths + [""] }
    if !ragged.isEmpty { lines += lengths + [""] }
    return lines.joined(separator: "\n")
  }

  private var peerColumns: [String] { kinds.map(\.title) + kinds.map { "\($0.title) ×" } }

  private var depths: [String] {
    MarkdownTable(
      columns: ["cell H, B, L", "T", "ours, ms a pass", "of its layers alone", "of L times one layer"]
        + peerColumns,
      rows: stacks.map { m in
        let single = stacks.first {
          $0.row.layers == 1 && $0.row.cell == m.row.cell && $0.row.shape == m.row.shape
        }
        let times = single.map { m.whole / ($0.whole * Double(m.row.layers)) }
        return [
          m.row.name, "\(m.row.shape.steps)", number(m.whole / 1000), number(m.whole / m.layersAlone, 2),
          number(times, 2),
        ] + m.against(kinds)
      }
    ).lines
  }

  private var lengths: [String] {
    var equal: StackMeasurement?
    return MarkdownTable(
      columns: [
        "cell H, B, L", "lengths", "real steps", "ours, ms a pass", "of the padded pass",
        "of the real steps' share",
      ] + peerColumns,
      rows: ragged.map { m in
        if case .equal = m.row.lengths { equal = m }
        let share = equal.map { m.whole / $0.whole }
        return [
          m.row.name, m.row.lengths.words, number(m.row.realShare, 2), number(m.whole / 1000),
          number(share, 2), number(share.map { $0 / m.row.realShare }, 2),
        ] + m.against(kinds)
      }
    ).lines
  }
}

extension StackRow.Lengths {
  fileprivate var words: String {
    switch self {
    case .equal: "all 200"
    case .even: "evenly up to 200"
    case .oneLong: "one 200, others 20"
    }
  }
}
