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
    visit { name, shape, _ in places.append(ArrayPlace(name: name, shape: shape)) }
    return places
  }

  /// Every array, row-major.
  public var arrays: [[Element]] {
    get {
      var arrays: [[Element]] = []
      visit { _, _, values in arrays.append(values) }
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

  private func visit(_ body: (String, [Int], [Element]) -> Void) {
    func visit(_ embedding: Matrix<Element>?, _ recurrent: RecurrentModel<Element>, _ part: NetworkPart?) {
      if let embedding {
        body(
          (part?.prefix ?? "") + "embedding.weight", [embedding.rows, embedding.columns], embedding.values)
      }
      for place in recurrent.places(part: part) {
        let p = recurrent.layers[place.layer][place.direction.index]
        body(place.name("weight_ih"), [p.weightIH.rows, p.weightIH.columns], p.weightIH.values)
        body(place.name("weight_hh"), [p.weightHH.rows, p.weightHH.columns], p.weightHH.values)
        body(place.name("bias_ih"), [p.biasIH.count], p.biasIH)
        body(place.name("bias_hh"), [p.biasHH.count], p.biasHH)
      }
    }
    if let encoder { visit(encoder.embedding, encoder.recurrent, .encoder) }
    visit(embedding, recurrent, encoder == nil ? nil : .decoder)
    if !tiesReadout {
      body("readout.weight", [readout.weight.rows, readout.weight.columns], readout.weight.values)
    }
    body("readout.bias", [readout.bias.count], readout.bias)
  }

  /// Changes every array in place, in the order of ``arrays``; a tied readout follows its embedding.
  @specialized(where Element == Float)
  @specialized(where Element == Double)
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
  @inlinable
  public var isFinite: Bool {
    func isFinite(_ values: [Element]) -> Bool { Element.firstNonFinite(values.count, values) == nil }
    func isFinite(_ embedding: Matrix<Element>?, _ recurrent: RecurrentModel<Element>) -> Bool {
      if let embedding, !isFinite(embedding.values) { return false }
      for layer in recurrent.layers {
        for p in layer {
          guard isFinite(p.weightIH.values), isFinite(p.weightHH.values), isFinite(p.biasIH),
            isFinite(p.biasHH)
          else { return false }
        }
      }
      return true
    }
    if let encoder, !isFinite(encoder.embedding, encoder.recurrent) { return false }
    return isFinite(embedding, recurrent) && isFinite(readout.weight.values) && isFinite(readout.bias)
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
  @specialized(where Element == Float)
  @specialized(where Element == Double)
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
