import CNumericKernels
import Foundation
import LinearAlgebra
import RecurrentCells

/// The running means of an optimiser, and the step that it makes.
public struct OptimiserState<Element: Scalar>: Sendable, Equatable {
  public let optimiser: Optimiser
  /// Updates made.
  public private(set) var updates: Int
  /// By running mean, then by array of the network, in the order of `Network.arrays`.
  public private(set) var slots: [[[Element]]]

  /// Before the first update: zeros.
  public init(_ optimiser: Optimiser, for network: Network<Element>) {
    self.optimiser = optimiser
    updates = 0
    let zeros = network.arrays.map { [Element](repeating: 0, count: $0.count) }
    slots = Array(repeating: zeros, count: optimiser.slotCount)
  }

  /// As a checkpoint left it.
  ///
  /// - Precondition: as many slots as the optimiser has.
  public init(_ optimiser: Optimiser, updates: Int, slots: [[[Element]]]) {
    precondition(slots.count == optimiser.slotCount, "an optimiser with \(optimiser.slotCount) running means")
    self.optimiser = optimiser
    self.updates = updates
    self.slots = slots
  }

  /// Whether every running mean is a finite number. A square beyond the range of `Element` would stop its weight for
  /// good, and no weight would show it.
  public var isFinite: Bool {
    slots.allSatisfy { $0.allSatisfy { Element.firstNonFinite($0.count, $0) == nil } }
  }

  /// Changes the weights.
  ///
  /// - Parameters:
  ///   - gradients: of every array of the network, in their order.
  ///   - factor: what every gradient is multiplied by first, as clipping asks for.
  /// - Returns: the norm of the change of all weights.
  public mutating func step(
    _ network: inout Network<Element>, _ gradients: NetworkGradients<Element>, factor: ScaledNumber,
    learningRate: Double
  ) -> Double {
    updates += 1
    var square = 0.0
    var array = 0
    network.update { values in
      square += update(array, gradients.entries[array].gradient, &values, factor, learningRate)
      array += 1
    }
    precondition(array == gradients.entries.count, "\(gradients.entries.count) gradients for \(array) arrays")
    if square > 1e-280 && square < 1e280 { return square.squareRoot() }
    // Squares have left the range, which the changes themselves may not have.
    return Double.euclideanNorm(
      gradients.entries.enumerated().map { array, entry in
        let gradient = entry.gradient
        let scale = scalbn(factor.mantissa, factor.exponent + gradient.exponent)
        return Double.euclideanNorm(change(array, gradient, scale: scale, learningRate))
      })
  }

  /// The change that the last step made to an array, formed again from the gradient and the running means after it.
  private func change(
    _ array: Int, _ gradient: ScaledArray<Element>, scale: Double, _ rate: Double
  ) -> [Double] {
    let g = Element.doubles(gradient.values)
    switch optimiser {
    case .sgd: return g.map { rate * scale * $0 }
    case .momentum: return Element.doubles(slots[0][array]).map { rate * $0 }
    case .rmsprop:
      return zip(g, Element.doubles(slots[0][array])).map {
        rate * (scale * $0) / ($1.squareRoot() + Optimiser.epsilon)
      }
    case .adagrad:
      return zip(g, Element.doubles(slots[0][array])).map {
        rate * (scale * $0) / ($1.squareRoot() + Optimiser.adagradEpsilon)
      }
    case .adam(let decay1, let decay2):
      let (first, second) = (1 - pow(decay1, Double(updates)), 1 - pow(decay2, Double(updates)))
      return zip(Element.doubles(slots[0][array]), Element.doubles(slots[1][array])).map {
        rate / first * $0 / (($1 / second).squareRoot() + Optimiser.epsilon)
      }
    }
  }

  /// Changes one array; returns the square of the norm of the change.
  private mutating func update(
    _ array: Int, _ gradient: ScaledArray<Element>, _ w: inout [Element], _ factor: ScaledNumber,
    _ rate: Double
  ) -> Double {
    let count = w.count
    precondition(
      gradient.values.count == count, "a gradient of \(gradient.values.count) for \(count) weights")
    let scale = scalbn(factor.mantissa, factor.exponent + gradient.exponent)
    switch optimiser {
    case .sgd:
      return Element.sgdStep(count, rate: rate, scale: scale, gradient: gradient.values, &w)
    case .momentum(let momentum):
      return Element.momentumStep(
        count, rate: rate, scale: scale, momentum: momentum, gradient: gradient.values,
        velocity: &slots[0][array], &w)
    case .rmsprop(let decay):
      return Element.rmspropStep(
        count, rate: rate, scale: scale, decay: decay, epsilon: Optimiser.epsilon, gradient: gradient.values,
        meanSquare: &slots[0][array], &w)
    case .adagrad:
      return Element.adagradStep(
        count, rate: rate, scale: scale, epsilon: Optimiser.adagradEpsilon, gradient: gradient.values,
        squareSum: &slots[0][array], &w)
    case .adam(let decay1, let decay2):
      var (mean, square) = ([Element](), [Element]())
      swap(&mean, &slots[0][array])
      swap(&square, &slots[1][array])
      defer {
        swap(&mean, &slots[0][array])
        swap(&square, &slots[1][array])
      }
      return Element.adamStep(
        count, rate: rate, scale: scale, decays: (decay1, decay2),
        corrections: (1 - pow(decay1, Double(updates)), 1 - pow(decay2, Double(updates))),
        epsilon: Optimiser.epsilon, gradient: gradient.values, mean: &mean, meanSquare: &square, &w)
    }
  }
}

// MARK: - Kernels

extension Scalar {
  /// w −= rate · scale · g. As the steps that follow, returns ‖Δw‖².
  @inlinable
  public static func sgdStep(
    _ n: Int, rate: Double, scale: Double, gradient: UnsafePointer<Self>, _ w: UnsafeMutablePointer<Self>
  ) -> Double {
    assert(areApart(written: region(n, w), read: region(n, gradient)))
    return gf_sgd_step(element, Int64(n), rate, scale, gradient, w)
  }

  /// v = momentum · v + scale · g, w −= rate · v.
  @inlinable
  public static func momentumStep(
    _ n: Int, rate: Double, scale: Double, momentum: Double, gradient: UnsafePointer<Self>,
    velocity: UnsafeMutablePointer<Self>, _ w: UnsafeMutablePointer<Self>
  ) -> Double {
    assert(areApart(written: region(n, w), region(n, velocity), read: region(n, gradient)))
    return gf_momentum_step(element, Int64(n), rate, scale, momentum, gradient, velocity, w)
  }

  /// s = decay · s + (1 − decay) (scale · g)², w −= rate · scale · g / (√s + epsilon).
  @inlinable
  public static func rmspropStep(
    _ n: Int, rate: Double, scale: Double, decay: Double, epsilon: Double, gradient: UnsafePointer<Self>,
    meanSquare: UnsafeMutablePointer<Self>, _ w: UnsafeMutablePointer<Self>
  ) -> Double {
    assert(areApart(written: region(n, w), region(n, meanSquare), read: region(n, gradient)))
    return gf_rmsprop_step(element, Int64(n), rate, scale, decay, epsilon, gradient, meanSquare, w)
  }

  /// s += (scale · g)², w −= rate · scale · g / (√s + epsilon).
  @inlinable
  public static func adagradStep(
    _ n: Int, rate: Double, scale: Double, epsilon: Double, gradient: UnsafePointer<Self>,
    squareSum: UnsafeMutablePointer<Self>, _ w: UnsafeMutablePointer<Self>
  ) -> Double {
    assert(areApart(written: region(n, w), region(n, squareSum), read: region(n, gradient)))
    return gf_adagrad_step(element, Int64(n), rate, scale, epsilon, gradient, squareSum, w)
  }

  /// m and v as running means of g and g², w −= rate m / corrections.first / (√(v / corrections.second) + epsilon).
  @inlinable
  public static func adamStep(
    _ n: Int, rate: Double, scale: Double, decays: (first: Double, second: Double),
    corrections: (first: Double, second: Double), epsilon: Double, gradient: UnsafePointer<Self>,
    mean: UnsafeMutablePointer<Self>, meanSquare: UnsafeMutablePointer<Self>, _ w: UnsafeMutablePointer<Self>
  ) -> Double {
    assert(areApart(written: region(n, w), region(n, mean), region(n, meanSquare), read: region(n, gradient)))
    return gf_adam_step(
      element, Int64(n), rate, scale, decays.first, decays.second, corrections.first, corrections.second,
      epsilon, gradient, mean, meanSquare, w)
  }
}
