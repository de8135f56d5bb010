import Foundation
import RecurrentCells

/// PyTorch's automatic differentiation of the same networks: the oracle that nobody here wrote.
public enum TorchOracle {
  /// A Python with PyTorch, as `GRADFLOW_PYTHON` or the path name one.
  static let python = ProcessInfo.processInfo.environment["GRADFLOW_PYTHON"] ?? "python3"

  /// Whether there is one. It is looked for and not imported, which would take seconds.
  public static let isThere: Bool = {
    let script = "\"$0\" -c 'import importlib.util as u, sys; sys.exit(u.find_spec(\"torch\") is None)'"
    return (try? Shell.run(script, [python]))?.status == 0
  }()

  /// What is said where there is none.
  public static let isAbsent: String = "\(python) has no PyTorch (pip install torch, or set GRADFLOW_PYTHON)"

  /// The program that answers.
  private static let program = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Torch/network_gradients.py").standardized.path

  /// What PyTorch finds of some cases, each with a training or without.
  public static func answers(
    _ cases: [(item: OracleCase, training: OracleOptimiser?)], updates: Int = 0
  ) throws -> [Answer] {
    let folder = try TemporaryDirectory()
    let requests = cases.map { Request($0.item, training: $0.training, updates: updates) }
    try JSONEncoder().encode(requests).write(to: URL(fileURLWithPath: folder.file("cases.json")))
    let outcome = try Shell.run(
      "exec \"$0\" -B \"$@\"", [python, program, folder.file("cases.json"), folder.file("answers.json")])
    guard outcome.status == 0 else { throw Failure(message: outcome.errors) }
    return try JSONDecoder().decode(
      [Answer].self, from: Data(contentsOf: URL(fileURLWithPath: folder.file("answers.json"))))
  }

  /// The program ended badly.
  public struct Failure: Error, CustomStringConvertible {
    public let message: String
    public var description: String { message }
  }

  /// Gradients of one layer and direction, in its own time.
  public struct Layer: Codable, Sendable {
    /// ∂L/∂h_t and ∂L/∂c_t [B][T_b + 1][H]; no cell states but in an LSTM.
    public var hidden: [[[Double]]]
    public var cell: [[[Double]]]?
  }

  /// What PyTorch finds of one case.
  public struct Answer: Codable, Sendable {
    public var loss: Double
    /// [B][T_b][D·H].
    public var outputs: [[[Double]]]
    /// By the suffix of a layer's parameters: `_l0_reverse`, `encoder._l1`.
    public var layers: [String: Layer]
    public var gradients: [String: [Double]]
    /// The same by the fused module on packed sequences; nil where PyTorch has none such.
    public var fusedLoss: Double?
    public var fusedGradients: [String: [Double]]?
    /// Weights after the updates.
    public var trained: [String: [Double]]?
  }

  /// A case as the program reads it.
  private struct Request: Codable {
    struct Sequence: Codable {
      var dense: [[Double]]?
      var tokens: [Int]?

      init?(_ inputs: OracleInputs?) {
        switch inputs {
        case nil: return nil
        case .dense(let rows): dense = rows
        case .tokens(let ids): tokens = ids
        }
      }
    }

    struct Target: Codable {
      var label: Int?
      var values: [Double]?
      var gradient: [Double]?
    }

    struct Training: Codable {
      var optimiser: OracleOptimiser
      var rate: Double
      var updates: Int
    }

    var name: String
    var cell: String
    var layers, directions, hidden: Int
    var tied: Bool
    /// Names of the tables of embeddings; tokens without one are one-hot rows as wide as the first layer.
    var parameters: [OracleParameter]
    var inputs: [Sequence]
    var sources: [Sequence]?
    var hiddenStates, cellStates: [[[[Double]]]]?
    var masks, sourceMasks: [[[[Double]]]]
    var reading: OracleLoss.Reading
    var targets: [[Target?]]
    var training: Training?

    init(_ item: OracleCase, training optimiser: OracleOptimiser?, updates: Int) {
      let network = item.network
      name = item.description
      cell = network.cell.rawValue
      (layers, directions, hidden) = (network.layerCount, network.directionCount, network.hiddenSize)
      tied = network.isTied
      parameters = network.parameters
      inputs = item.batch.compactMap { Sequence($0.inputs) }
      sources = network.encoder == nil ? nil : item.batch.compactMap { Sequence($0.source) }
      let states = item.batch.compactMap(\.h_0)
      hiddenStates = states.isEmpty ? nil : states
      let cells = item.batch.compactMap(\.c_0)
      cellStates = cells.isEmpty ? nil : cells
      (masks, sourceMasks) = (item.batch.map(\.masks), item.batch.map(\.sourceMasks))
      reading = item.loss.reading
      targets = item.loss.targets.map {
        $0.map { target in
          switch target {
          case nil: return nil
          case .class(let label): return Target(label: label)
          case .values(let values): return Target(values: values)
          case .gradient(let values, let power): return Target(gradient: values.map { scalbn($0, power) })
          }
        }
      }
      training = optimiser.map { Training(optimiser: $0, rate: $0.rate, updates: updates) }
    }
  }
}
