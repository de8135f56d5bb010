import GradientFlow
import Specification

/// Bytes and work of a pass through all layers and directions of a network, an encoder's with them: a ``PassMemory`` for
/// each, and what lies between.
struct NetworkMemory {
  /// By part, layer and direction; the readout is the last one's.
  private(set) var passes: [PassMemory]
  /// D·H: numbers of a row between two layers.
  private let width: Double
  /// 2 with an encoder.
  private let parts: Int
  /// V and E of an embedding, and how many there are; 0 without.
  private let vocabulary, embedded, embeddings: Double

  /// One layer, read forward.
  init(_ pass: PassMemory) {
    passes = [pass]
    width = pass.h
    parts = 1
    (vocabulary, embedded, embeddings) = (0, 0, 0)
  }

  /// The network of a trial.
  ///
  /// - Parameter pass: of one layer, read forward, of what the task gives.
  init(_ pass: PassMemory, of p: TrialParameters) {
    parts = p.task.topology == .encoderDecoder ? 2 : 1
    let inner = p.directions * p.hiddenSize
    width = Double(inner)
    embedded = Double(p.embeddingSize ?? 0)
    vocabulary = p.embeddingSize == nil ? 0 : Double(pass.shape.inputSize)
    embeddings = p.embeddingSize == nil ? 0 : Double(parts)
    passes = []
    for part in 0..<parts {
      for layer in 0..<p.layers {
        for direction in 0..<p.directions {
          var pass = pass
          pass.shape = pass.shape.with(
            inputSize: layer > 0 ? inner : p.embeddingSize ?? pass.shape.inputSize)
          pass.filled = Self.filled(p, steps: pass.shape.steps)
          // Lags of an encoder are also counted to the end of what is said.
          pass.stepsAfter =
            part < parts - 1 ? p.task.drawn?.outputSteps(steps: pass.shape.steps) ?? pass.shape.steps : 0
          let isLast = part == parts - 1 && layer == p.layers - 1 && direction == 0
          if isLast { pass.readoutWidth = inner } else { (pass.outputs, pass.hasTargets) = (0, false) }
          passes.append(pass)
        }
      }
    }
  }

  /// The share of T · B steps that sequences have, whose lengths are uniform.
  private static func filled(_ p: TrialParameters, steps: Int) -> Double {
    guard let shortest = p.shortestLength else { return 1 }
    return (1 + Double(min(shortest, steps)) / Double(steps)) / 2
  }

  /// The same for passes of other sizes.
  func map(_ change: (inout PassMemory) -> Void) -> NetworkMemory {
    var other = self
    for k in passes.indices { change(&other.passes[k]) }
    return other
  }

  private func sum(_ value: (PassMemory) -> Double) -> Double { passes.reduce(0) { $0 + value($1) } }

  /// What the task gives: the first layer of each part reads it, whichever direction.
  var inputs: Double {
    guard embeddings == 0 else {
      // A token is a number; its row is gathered.
      return embeddings * passes[0].rows * (8 + embedded * elementSize)
    }
    return passes[0].inputs * Double(parts)
  }

  private var elementSize: Double { passes[0].elementSize }

  var weights: Double {
    sum(\.weights) + embeddings * vocabulary * embedded * (8 + 6 * elementSize)
  }
  var readout: Double { sum(\.readout) }
  var tape: Double { sum(\.tape) + between }
  var norms: Double { sum(\.norms) }
  var table: Double { sum(\.table) }
  /// Layers are walked one after the other.
  var probes: Double { passes.map(\.probes).max() ?? 0 }
  var multiplications: Double { sum(\.multiplications) }
  var elements: Double { sum(\.elements) }
  var steps: Double { sum(\.t) }

  /// What each layer gives, and what goes down from one to the next.
  private var between: Double {
    passes.count == 1 ? 0 : (Double(passes.count) + 4) * passes[0].rows * (width * elementSize + 8)
  }

  /// Weights and biases.
  var numbers: Double { sum(\.numbers) + embeddings * vocabulary * embedded }

  /// Numbers of all states at a step.
  var stateCount: Double { sum { Double($0.shape.stateCount) } }

  /// A diagnosis at its peak: on the way back, or when its norms become a table, which shares most of their lists.
  var diagnosis: Double {
    let ways = passes[0].clips ? 2.0 : 1
    return weights + readout + ways * norms
      + max(inputs + tape + probes, sum(\.columnsApart) + sum(\.thinned))
  }
}
