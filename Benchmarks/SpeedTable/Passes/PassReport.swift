import Foundation
import GradientFlow

/// The measurements as Markdown.
struct PassReport {
  let heading: String
  let kinds: [Peer.Kind]
  let rows: [PassMeasurement]
  let scaling: [(row: PassRow, points: [Scaling.Point])]
  let gainOfTwoThreads: [(row: PassRow, gain: Double)]

  var text: String {
    var lines = [heading, ""]
    lines += speeds + [""] + ratios + [""]
    if !scaling.isEmpty { lines += growth + [""] }
    for (row, gain) in gainOfTwoThreads {
      lines.append("Two threads make \(number(gain, 2)) times the passes of one (\(row.name)).")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// µs a step.
  private var speeds: [String] {
    table(
      ["cell H, B, I", "floor", "ours, no probe", "step norms", "all probes", "float64"]
        + kinds.map(\.title),
      rows.map { m in
        [m.row.name, number(m.floor)] + Instrumentation.allCases.map { number(m.own[$0] ?? .nan) }
          + [number(m.double)] + kinds.map { m.peers[$0].map { number($0) } ?? "–" }
      })
  }

  /// What the targets are about, with step norms on.
  private var ratios: [String] {
    func geometricMean(_ values: [Double]) -> String {
      values.isEmpty
        ? "–" : number(exp(values.map { log($0) }.reduce(0, +) / Double(values.count)), 2)
    }
    func against(_ tuned: Bool, _ m: PassMeasurement) -> Double? {
      m.fastestPeer(tuned: tuned).map { $0 / m.withNorms }
    }
    func fused(_ m: PassMeasurement) -> Double? {
      m.peers.first { !$0.key.isInstrumented }.map { $0.value / m.withNorms }
    }
    func percent(_ a: Double, _ b: Double) -> String { number((a / b - 1) * 100, 1) }
    let columns = [
      "cell H, B, I", "GFLOP/s of floor", "share of floor", "norms cost %", "all probes cost %",
      "float64 speed", "fastest peer ×", "fastest peer, tuned ×", "PyTorch fused ×",
      "floor itself, tuned peer ×",
    ]
    var body = rows.map { m in
      [
        m.row.name, number(m.operations / m.floor / 1000), number(m.floor / m.withNorms, 2),
        percent(m.withNorms, m.own[.none] ?? .nan),
        percent(m.own[.all] ?? .nan, m.own[.none] ?? .nan), number(m.withNorms / m.double, 2),
        against(false, m).map { number($0, 2) } ?? "–",
        against(true, m).map { number($0, 2) } ?? "–", fused(m).map { number($0, 2) } ?? "–",
        m.fastestPeer(tuned: true).map { number($0 / m.floor, 2) } ?? "–",
      ]
    }
    body.append(
      ["geometric mean", "", "", "", "", ""]
        + [
          geometricMean(rows.compactMap { against(false, $0) }),
          geometricMean(rows.compactMap { against(true, $0) }),
          geometricMean(rows.compactMap(fused)), "",
        ])
    return table(columns, body)
  }

  private var growth: [String] {
    table(
      ["cell H, B, I", "T", "µs a step", "of T = 1,000", "peak MB", "checkpoints"],
      scaling.flatMap { row, points in
        points.map { p in
          [
            row.name, "\(p.steps)", number(p.microseconds),
            number(p.microseconds / points[0].microseconds, 2), number(p.peakMegabytes, 0),
            p.checkpoints ? "yes" : "no",
          ]
        }
      })
  }

  private func table(_ columns: [String], _ body: [[String]]) -> [String] {
    MarkdownTable(columns: columns, rows: body).lines
  }
}
