import Foundation
import GradientFlow

/// `case.json`: sizes, cell, loss and where the initial state comes from.
struct CaseDescription: Decodable {
  struct Loss: Decodable {
    let kind: String
    let readoutSize: Int?

    enum CodingKeys: String, CodingKey {
      case kind
      case readoutSize = "readout_size"
    }
  }

  let name: String
  let cell: String
  let activation: String?
  let inputSize, hiddenSize, batchSize, sequenceLength: Int
  let initialState: String
  let loss: Loss
  let beyondFloat64Range: Bool?

  enum CodingKeys: String, CodingKey {
    case name, cell, activation, loss
    case inputSize = "input_size"
    case hiddenSize = "hidden_size"
    case batchSize = "batch_size"
    case sequenceLength = "sequence_length"
    case initialState = "initial_state"
    case beyondFloat64Range = "beyond_float64_range"
  }

  init(contentsOf path: String) throws(CaseError) {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CaseError(
        .missing, place: path,
        problem: "no such file; a case is a directory with case.json, weights.safetensors and inputs.npy")
    }
    do {
      self = try JSONDecoder().decode(CaseDescription.self, from: data)
    } catch let error as DecodingError {
      throw CaseError(.malformed, place: path, problem: error.problem)
    } catch {
      throw CaseError(.malformed, place: path, problem: "\(error)")
    }
    for (key, value) in [
      ("input_size", inputSize), ("hidden_size", hiddenSize), ("batch_size", batchSize),
      ("sequence_length", sequenceLength),
    ] where !(1...1_000_000_000).contains(value) {
      throw CaseError(
        .malformed, place: "\(path): \(key)", problem: "\(value) is not in 1…1000000000")
    }
  }

  /// The cell by this package's names.
  func cellKind(path: String) throws(CaseError) -> CellKind {
    switch (cell, activation) {
    case ("rnn", "tanh"), ("rnn", nil): return .rnn
    case ("rnn", "relu"): return .rnnRelu
    case ("rnn", "linear"): return .rnnLinear
    case ("lstm", nil): return .lstm
    case ("gru", nil): return .gru
    default:
      throw CaseError(
        .malformed, place: "\(path): cell",
        problem: "'\(cell)' with activation '\(activation ?? "null")' is not known; use rnn with tanh, "
          + "relu or linear, lstm, or gru")
    }
  }
}

extension DecodingError {
  /// The key and what is wrong with it, in one line.
  var problem: String {
    func path(_ context: Context) -> String {
      let keys = context.codingPath.map(\.stringValue)
      return keys.isEmpty ? "" : "key '\(keys.joined(separator: "."))': "
    }
    switch self {
    case .keyNotFound(let key, let context):
      return path(context) + "the key '\(key.stringValue)' is missing"
    case .typeMismatch(let type, let context):
      return path(context) + "must be of type \(type)"
    case .valueNotFound(let type, let context):
      return path(context) + "is null, must be of type \(type)"
    case .dataCorrupted(let context):
      let detail = context.underlyingError.map { ": \(($0 as NSError).localizedDescription)" } ?? ""
      return path(context) + "not a value that is allowed: \(context.debugDescription)\(detail)"
    @unknown default:
      return "\(self)"
    }
  }
}
