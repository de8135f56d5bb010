import LinearAlgebra
import RecurrentCells

/// What reads the outputs of a network: how, through which layers, and by which criterion.
///
///     L = criterion(layers(reading(outputs)))
public struct HeadLoss: Sendable {
  public var reading: OutputReading
  /// One after the other; none: the criterion reads the outputs.
  public var layers: [any HeadLayer]
  public var criterion: any Criterion

  public init(reading: OutputReading, layers: [any HeadLayer] = [], criterion: any Criterion) {
    self.reading = reading
    self.layers = layers
    self.criterion = criterion
  }

  /// How many numbers the layers give for rows of a width; nil if one does not take what the one before it gives.
  public func outputSize(of width: Int) -> Int? {
    layers.reduce(width) { size, layer in size.flatMap { layer.outputSize(of: $0) } }
  }
}

/// What a network gives on a batch of sequences.
public struct NetworkOutputs: Sendable {
  public let shape: BatchShape
  /// How many directions each layer has, and how many layers there are.
  public let directions: Int
  public let layerCount: Int
  /// [rows, D·H], packed as ``SequenceLengths`` says.
  public let outputs: [Double]
  /// h_T of each direction of the last layer [B, H].
  public let finalStates: [[Double]]

  /// D·H.
  public var width: Int { outputs.count / shape.rowCount }

  public init(
    shape: BatchShape, layerCount: Int, directions: Int, outputs: [Double], finalStates: [[Double]]
  ) {
    self.shape = shape
    self.layerCount = layerCount
    self.directions = directions
    self.outputs = outputs
    self.finalStates = finalStates
  }
}

/// What a head and its criterion find.
public struct HeadGradients: Sendable {
  /// L, and what goes back into the network.
  public let upstream: NetworkUpstream<Double>
  /// Of the head's parameters, in their order.
  public let parameters: [HeadParameter]
}

extension HeadLoss {
  /// Evaluates the loss, with its gradients by outputs and by the head's parameters.
  ///
  /// - Precondition: the layers fit; the criterion has targets for the rows that are read.
  /// - Complexity: O(rows · weights of the head); the memory of some thousand rows at a time.
  public func gradients(of given: NetworkOutputs) -> HeadGradients {
    precondition(outputSize(of: given.width) != nil, "a head that does not take \(given.width) numbers")
    let read = rows(of: given)
    let width = given.width
    let count = read.count / width
    var values = read
    var exponents = [Int](repeating: 0, count: count)
    var loss = 0.0
    var parameters: [HeadParameter] = []
    // Outputs may be as many as the words of a language.
    let widest = layers.reduce((width, width)) { size, layer in
      let next = layer.outputSize(of: size.0) ?? size.0
      return (next, max(size.1, next))
    }.1
    let step = max(1, 1 << 20 / widest)
    for first in stride(from: 0, to: count, by: step) {
      let rows = first..<min(count, first + step)
      let part = part(rows, Array(read[rows.lowerBound * width..<rows.upperBound * width]))
      loss += part.loss
      values.replaceSubrange(rows.lowerBound * width..<rows.upperBound * width, with: part.gradient)
      exponents.replaceSubrange(rows, with: part.exponents)
      parameters = parameters.isEmpty ? part.parameters : sum(parameters, part.parameters)
    }
    let gradient = ScaledRows(width: width, values: values, exponents: exponents)
    return HeadGradients(upstream: upstream(gradient, loss, of: given), parameters: parameters)
  }

  private func part(
    _ rows: Range<Int>, _ read: [Double]
  ) -> (loss: Double, gradient: [Double], exponents: [Int], parameters: [HeadParameter]) {
    var activations = [read]
    for layer in layers {
      activations.append(layer.forward(activations[activations.count - 1], rows: rows.count))
    }
    var gradient = activations[layers.count]
    var exponents = [Int](repeating: 0, count: rows.count)
    let loss = criterion.evaluate(rows: rows, y: &gradient, exponents: &exponents)
    var parameters: [HeadParameter] = []
    for (l, layer) in layers.enumerated().reversed() {
      let (aligned, exponent) = aligned(gradient, exponents)
      let own = layer.parameterGradients(aligned, x: activations[l], rows: rows.count).map { parameter in
        var parameter = parameter
        parameter.gradient.exponent += exponent
        return parameter
      }
      parameters = own + parameters
      gradient = layer.backward(gradient, x: activations[l], y: activations[l + 1], rows: rows.count)
    }
    return (loss, gradient, exponents, parameters)
  }

  /// Rows at the scale of the largest one, and its power of two.
  private func aligned(_ gradient: [Double], _ exponents: [Int]) -> ([Double], Int) {
    guard exponents.contains(where: { $0 != 0 }) else { return (gradient, 0) }
    let width = gradient.count / exponents.count
    let rows = ScaledRows(width: width, values: gradient, exponents: exponents)
    let tops = exponents.indices.filter { !rows.isZero(row: $0) }.map { rows.norm(row: $0).exponent }
    guard let top = tops.max() else { return (gradient, 0) }
    var values = gradient
    let factors = exponents.map { powerOfTwo(min(1023, max(-1074, $0 - top))) }
    Double.scaleRows(count: exponents.count, width: width, scale: factors, &values)
    return (values, top)
  }

  private func sum(_ a: [HeadParameter], _ b: [HeadParameter]) -> [HeadParameter] {
    zip(a, b).map { a, b in
      HeadParameter(name: a.name, shape: a.shape, gradient: a.gradient.adding(b.gradient))
    }
  }
}

// MARK: - What is read

extension HeadLoss {
  /// The rows that the layers take: [B, D·H], or [rows, D·H] at every step.
  private func rows(of given: NetworkOutputs) -> [Double] {
    let (shape, width) = (given.shape, given.width)
    switch reading {
    case .everyStep: return given.outputs
    case .lastOutput:
      return Array(given.outputs[shape.firstRow(of: shape.steps) * width..<shape.rowCount * width])
    case .finalStates:
      let hidden = width / given.directions
      return (0..<shape.batch).flatMap { b in given.finalStates.flatMap { $0[b * hidden..<(b + 1) * hidden] }
      }
    case .mean:
      var sums = [Double](repeating: 0, count: shape.batch * width)
      given.forEachRow { row, b in
        for k in 0..<width {
          sums[b * width + k] += given.outputs[row * width + k] / Double(shape.length(of: b))
        }
      }
      return sums
    case .max:
      return peaks(given).map { given.outputs[$0] }
    }
  }

  /// By sequence and unit, where the largest output stands.
  private func peaks(_ given: NetworkOutputs) -> [Int] {
    let (shape, width) = (given.shape, given.width)
    var peaks = [Int](repeating: -1, count: shape.batch * width)
    given.forEachRow { row, b in
      for k in 0..<width {
        let (place, best) = (row * width + k, peaks[b * width + k])
        if best < 0 || given.outputs[place] > given.outputs[best] { peaks[b * width + k] = place }
      }
    }
    return peaks
  }

  /// ∂L/∂outputs, or by the final states, of ∂L/∂ by the rows that were read.
  private func upstream(
    _ gradient: ScaledRows<Double>, _ loss: Double, of given: NetworkOutputs
  ) -> NetworkUpstream<Double> {
    let (shape, width) = (given.shape, given.width)
    var values = [Double](repeating: 0, count: shape.rowCount * width)
    var exponents = [Int](repeating: 0, count: shape.rowCount)
    switch reading {
    case .everyStep: return NetworkUpstream(loss: loss, outputs: gradient)
    case .finalStates:
      let hidden = width / given.directions
      let last = (0..<given.directions).map { d -> StateGradients<Double> in
        var own: [Double] = []
        own.reserveCapacity(shape.batch * hidden)
        for b in 0..<shape.batch {
          let first = b * width + d * hidden
          own += gradient.values[first..<first + hidden]
        }
        return StateGradients(
          hidden: ScaledRows(width: hidden, values: own, exponents: gradient.exponents))
      }
      let unread = [StateGradients<Double>](repeating: StateGradients(), count: given.directions)
      let below = Array(repeating: unread, count: given.layerCount - 1)
      return NetworkUpstream(loss: loss, outputs: nil, finalStates: below + [last])
    case .lastOutput:
      let first = shape.firstRow(of: shape.steps)
      values.replaceSubrange(first * width..<(first + shape.batch) * width, with: gradient.values)
      exponents.replaceSubrange(first..<first + shape.batch, with: gradient.exponents)
    case .mean:
      given.forEachRow { row, b in
        for k in 0..<width {
          values[row * width + k] = gradient.values[b * width + k] / Double(shape.length(of: b))
        }
        exponents[row] = gradient.exponents[b]
      }
    case .max:
      for (i, place) in peaks(given).enumerated() {
        values[place] = gradient.values[i]
        exponents[place / width] = gradient.exponents[i / width]
      }
    }
    return NetworkUpstream(
      loss: loss, outputs: ScaledRows(width: width, values: values, exponents: exponents))
  }
}

extension NetworkOutputs {
  /// Every row with the place of its sequence in the batch, step by step.
  fileprivate func forEachRow(_ body: (_ row: Int, _ sequence: Int) -> Void) {
    var row = 0
    for t in 1...shape.steps {
      for b in 0..<shape.count(at: t) {
        body(row, b)
        row += 1
      }
    }
  }
}
