import LinearAlgebra

extension Network {
  /// An array of parameters: PyTorch's name and shape.
  public struct ArrayPlace: Sendable, Hashable {
    public let name: String
    public let shape: [Int]
  }

  /// Its arrays, in the order of ``arrays``: embeddings, layers from the first, forward before reverse, the readout; an
  /// encoder's before all. A tied readout's weight is not there a second time.
  public var arrayPlaces: [ArrayPlace] {
    var places: [ArrayPlace] = []
    visit { places.append($0.place) }
    return places
  }

  /// Every array, row-major.
  public var arrays: [[Element]] {
    get {
      var arrays: [[Element]] = []
      visit { arrays.append($0.values) }
      return arrays
    }
    set {
      let places = arrayPlaces
      precondition(
        newValue.map(\.count) == places.map { $0.shape.reduce(1, *) }, "arrays of another network")
      var rest = newValue[...]
      update { $0 = rest.removeFirst() }
    }
  }

  private func visit(_ body: (PlacedArray<Element>) -> Void) {
    func visit(_ embedding: Matrix<Element>?, _ recurrent: RecurrentModel<Element>, _ part: NetworkPart?) {
      if let embedding { body(PlacedArray(embedding, part: part, "embedding.weight")) }
      for (l, layer) in recurrent.layers.enumerated() {
        for (d, parameters) in layer.enumerated() {
          let place = LayerPlace(part: part, layer: l, direction: d == 0 ? .forward : .reverse)
          body(PlacedArray(parameters.weightIH, of: place, "weight_ih"))
          body(PlacedArray(parameters.weightHH, of: place, "weight_hh"))
          body(PlacedArray(parameters.biasIH, of: place, "bias_ih"))
          body(PlacedArray(parameters.biasHH, of: place, "bias_hh"))
        }
      }
    }
    if let encoder { visit(encoder.embedding, encoder.recurrent, .encoder) }
    visit(embedding, recurrent, encoder == nil ? nil : .decoder)
    if !tiesReadout { body(PlacedArray(readout.weight, "readout.weight")) }
    body(PlacedArray(readout.bias, "readout.bias"))
  }

  /// Changes every array in place, in the order of ``arrays``; a tied readout follows its embedding.
  public mutating func update(_ body: (inout [Element]) -> Void) {
    encoder?.embedding?.update(body)
    encoder?.recurrent.update(body)
    embedding?.update(body)
    recurrent.update(body)
    if tiesReadout {
      if let embedding { readout.weight.values = embedding.values }
    } else {
      body(&readout.weight.values)
    }
    body(&readout.bias)
  }

  /// √ of the sum of squares of all weights.
  public var norm: Double {
    Double.euclideanNorm(arrays.map { Element.euclideanNorm($0) })
  }

  /// Whether every weight is a finite number.
  public var isFinite: Bool {
    var isFinite = true
    visit { isFinite = isFinite && Element.firstNonFinite($0.values.count, $0.values) == nil }
    return isFinite
  }

  /// The same weights in another precision.
  public func converted<Other: Scalar>(to type: Other.Type) -> Network<Other> {
    Network<Other>(
      encoder: encoder.map {
        Encoder(
          embedding: $0.embedding?.converted(to: type), recurrent: $0.recurrent.converted(to: type))
      }, embedding: embedding?.converted(to: type), recurrent: recurrent.converted(to: type),
      readout: readout.converted(to: type), tiesReadout: tiesReadout)
  }
}

extension Matrix {
  fileprivate mutating func update(_ body: (inout [Element]) -> Void) { body(&values) }
}

extension RecurrentModel {
  /// Changes every array of every layer in place.
  mutating func update(_ body: (inout [Element]) -> Void) {
    for l in layers.indices {
      for d in layers[l].indices {
        body(&layers[l][d].weightIH.values)
        body(&layers[l][d].weightHH.values)
        body(&layers[l][d].biasIH)
        body(&layers[l][d].biasHH)
      }
    }
  }

  /// The same weights in another precision.
  public func converted<Other: Scalar>(to type: Other.Type) -> RecurrentModel<Other> {
    RecurrentModel<Other>(cell: cell, layers: layers.map { $0.map { $0.converted(to: type) } })
  }
}

/// An array of a network; its name is made when it is asked for, which is never in an update.
private struct PlacedArray<Element: Scalar> {
  let values: [Element]
  private let rows: Int
  /// nil: a vector.
  private let columns: Int?
  /// Of a recurrent layer's parameter.
  private let layer: LayerPlace?
  private let part: NetworkPart?
  private let parameter: String

  init(_ matrix: Matrix<Element>, of layer: LayerPlace? = nil, part: NetworkPart? = nil, _ parameter: String)
  {
    (values, rows, columns) = (matrix.values, matrix.rows, matrix.columns)
    (self.layer, self.part, self.parameter) = (layer, part, parameter)
  }

  init(_ vector: [Element], of layer: LayerPlace? = nil, _ parameter: String) {
    (values, rows, columns) = (vector, vector.count, nil)
    (self.layer, part, self.parameter) = (layer, nil, parameter)
  }

  var place: Network<Element>.ArrayPlace {
    Network.ArrayPlace(
      name: layer?.name(parameter) ?? (part?.prefix ?? "") + parameter,
      shape: [rows] + (columns.map { [$0] } ?? []))
  }
}
