// swift-format-ignore-file: AlwaysUseLowerCamelCase

import RecurrentCells

/// One array of parameters, as PyTorch names it.
public struct OracleParameter: Sendable, Codable, Equatable {
  public var name: String
  public var shape: [Int]
  /// Row-major.
  public var values: [Double]
}

extension OracleNetwork {
  /// All arrays: embeddings, layers, readout; an encoder's first. A tied readout's weight is not there a
  /// second time. Assignment keeps names and shapes.
  public var parameters: [OracleParameter] {
    get {
      var found: [OracleParameter] = []
      var copy = self
      copy.visit { name, shape, values in
        found.append(OracleParameter(name: name, shape: shape, values: values))
      }
      return found
    }
    set {
      var rest = newValue[...]
      visit { name, shape, values in
        let next = rest.removeFirst()
        precondition(next.name == name && next.shape == shape, "parameters of another network")
        values = next.values
      }
    }
  }

  private mutating func visit(_ body: (String, [Int], inout [Double]) -> Void) {
    let part: NetworkPart? = encoder == nil ? nil : .decoder
    encoder?.visit(.encoder, body)
    self.body.visit(part, body)
    if isTied { W_o = self.body.embedding ?? W_o } else { Self.visit("readout.weight", &W_o, body) }
    body("readout.bias", [b_o.count], &b_o)
  }

  fileprivate static func visit(
    _ name: String, _ matrix: inout [[Double]], _ body: (String, [Int], inout [Double]) -> Void
  ) {
    let width = matrix[0].count
    var flat = matrix.flatMap { $0 }
    body(name, [matrix.count, width], &flat)
    matrix = matrix.indices.map { Array(flat[$0 * width..<($0 + 1) * width]) }
  }
}

extension OracleNetwork.Part {
  fileprivate mutating func visit(_ part: NetworkPart?, _ body: (String, [Int], inout [Double]) -> Void) {
    if var table = embedding {
      OracleNetwork.visit((part.map { "\($0.rawValue)." } ?? "") + "embedding.weight", &table, body)
      embedding = table
    }
    for l in layers.indices {
      for d in layers[l].indices {
        let place = LayerPlace(part: part, layer: l, direction: Direction.allCases[d])
        OracleNetwork.visit(place.name("weight_ih"), &layers[l][d].W_ih, body)
        OracleNetwork.visit(place.name("weight_hh"), &layers[l][d].W_hh, body)
        body(place.name("bias_ih"), [layers[l][d].b_ih.count], &layers[l][d].b_ih)
        body(place.name("bias_hh"), [layers[l][d].b_hh.count], &layers[l][d].b_hh)
      }
    }
  }
}
