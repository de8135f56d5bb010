import GradientFlow

/// What was measured of one row, µs a step.
struct PassMeasurement {
  let row: PassRow
  /// Operations a step.
  let operations: Double
  /// The matrix products alone.
  let floor: Double
  let own: [Instrumentation: Double]
  /// With step norms, in double precision.
  let double: Double
  let peers: [Peer.Kind: Double]

  /// Ours with step norms, which the targets are about.
  var withNorms: Double { own[.stepNorms] ?? .nan }

  /// Over the peers that record step norms, the fastest.
  func fastestPeer(tuned: Bool) -> Double? {
    peers.filter { $0.key.isInstrumented && $0.key.isTuned == tuned }.map(\.value).min()
  }

  /// Measures everything in turns, `rounds` times, and takes the medians.
  init(_ row: PassRow, peers: [Peer], rounds: Int, seconds: Double) throws {
    self.row = row
    let products = Floor<Float>(row)
    operations = products.operations
    var floors: [Double] = []
    var own: [Instrumentation: [Double]] = [:]
    var doubles: [Double] = []
    var others: [Peer.Kind: [Double]] = [:]
    for _ in 0..<rounds {
      floors.append(
        withDenormalsFlushed {
          Clock.medians([0], steps: products.steps, seconds: seconds) { _ in products.run() }[0]
        })
      let single = row.cell.accept(
        OwnPass<Float>(row, kinds: Instrumentation.allCases, seconds: seconds))
      for (kind, time) in zip(Instrumentation.allCases, single) { own[kind, default: []].append(time) }
      doubles += row.cell.accept(OwnPass<Double>(row, kinds: [.stepNorms], seconds: seconds))
      for peer in peers {
        others[peer.kind, default: []].append(try peer.time(seconds: seconds) / Double(row.shape.steps))
      }
    }
    floor = median(floors)
    self.own = own.mapValues(median)
    double = median(doubles)
    self.peers = others.mapValues(median)
  }
}
