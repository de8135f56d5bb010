import LinearAlgebra
import RecurrentCells

/// What the library makes of an oracle's case.
public struct OracleRun<Element: Scalar>: Sendable {
  public var loss = 0.0
  /// Packed [rows, D·H].
  public var outputs: [Double] = []
  /// In the library's order.
  public var parameters: [(name: String, gradient: [OracleNumber])] = []
  public var layers: [LayerPlace: OracleRecorder<Element>] = [:]
  public var clippedFraction = 0.0
}

extension OracleCase {
  /// Forward and backward, with every gradient recorded.
  public func run<Element: Scalar>(
    _ type: Element.Type, tapeBudget: Int = 1 << 28, dropout: DropoutDraw? = nil
  ) -> OracleRun<Element> {
    func run<Cell: RecurrentCell>(_ cell: Cell.Type) -> OracleRun<Cell.Element> {
      self.run(on: NetworkPass<Cell>(tapeBudget: tapeBudget), dropout: dropout)
    }
    return run(network.kind.type(for: type))
  }

  /// The same on the memory of other runs.
  public func run<Cell: RecurrentCell>(
    on pass: NetworkPass<Cell>, dropout: DropoutDraw? = nil
  ) -> OracleRun<Cell.Element> {
    typealias Element = Cell.Element
    pass.run(network.library(Element.self), on: inputs(Element.self), dropout: dropout)
    var found = OracleRun<Element>()
    found.outputs = Element.doubles(pass.outputs)
    let result = pass.backward(loss: libraryLoss(Element.self), reading: libraryReading) { walk in
      var recorder = OracleRecorder<Element>(
        lengths: lengths(of: walk.place), hiddenSize: network.hiddenSize, gateCount: Cell.gateCount)
      let result = walk.backward(clip: clip, calling: &recorder)
      found.layers[walk.place] = recorder
      return result
    }
    found.loss = result.loss
    found.clippedFraction = result.clippedFraction
    found.parameters = result.gradients.entries.map { ($0.name, $0.gradient.oracleNumbers) }
    return found
  }

  /// Of the sequences that a layer reads.
  public func lengths(of place: LayerPlace) -> [Int] {
    place.part == .encoder ? batch.compactMap { $0.source?.count } : batch.map(\.count)
  }

  /// Whether its loss has a value, and a readout; gradients that come from above have none.
  public var hasLoss: Bool {
    !loss.targets.joined().contains { target in
      if case .gradient = target { return true }
      return false
    }
  }

  /// Where a run of the library differs from the oracle: every state gradient of every sequence, step, layer
  /// and direction, row by row, at any magnitude; parameter gradients; outputs; loss. Empty where they agree.
  ///
  /// - Parameters:
  ///   - relative: the tolerance, of a row's largest entry.
  ///   - known: its gradients, if they are at hand.
  public func differences(
    _ run: OracleRun<some Scalar>, relative: Double, from known: OracleGradients? = nil
  ) -> [String] {
    let oracle = known ?? gradients
    var found: [String] = []
    func note(_ what: String, _ difference: String?) {
      if let difference { found.append("\(what): \(difference)") }
    }
    if hasLoss {
      note("loss", difference([run.loss], [oracle.loss], relative: relative))
    }
    let outputs = packing.pack(network.forward(batch).outputs).flatMap { $0 }
    note("outputs", difference(run.outputs, outputs, relative: relative, absolute: relative))
    note(
      "clipped share", difference([run.clippedFraction], [oracle.clippedFraction], absolute: 1e-12))

    let names = network.parameters.map(\.name).filter { hasLoss || !$0.hasPrefix("readout") }
    if run.parameters.map(\.name) != names { found.append("\(run.parameters.map(\.name)), not \(names)") }
    for (name, gradient) in run.parameters {
      note(
        name,
        difference(
          gradient, oracle.parameters[name] ?? [], relative: relative, terms: oracle.terms(of: name)))
    }

    if Set(run.layers.keys) != Set(oracle.layers.keys) { found.append("layers \(run.layers.keys)") }
    for (place, layer) in run.layers {
      guard let expected = oracle.layers[place] else { continue }
      for (name, mine, theirs) in [
        ("∂L/∂h", layer.delta, expected.delta), ("immediate ∂L/∂h", layer.immediate, expected.immediate),
        ("∂L/∂c", layer.kappa, expected.kappa), ("γ", layer.gamma, expected.gamma),
        ("γ of W_hh h", layer.gammaHidden, expected.gammaHidden),
      ] {
        for b in theirs.indices {
          for t in theirs[b].indices {
            note(
              "\(name) of \(place.name("")), sequence \(b), row \(t)",
              difference(
                mine[b][t], theirs[b][t], relative: relative,
                terms: t < expected.immediate[b].count ? expected.immediate[b][t] : []))
          }
        }
      }
    }
    return found
  }
}
