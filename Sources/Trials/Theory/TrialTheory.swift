import Foundation
import GradientFlow
import Machine
import Specification

/// What theory says of trials. What depends on the grid alone, not on seeds, is computed once.
public final class TrialTheory: @unchecked Sendable {
  /// A point of the grid, as far as a mean field knows it.
  private struct Point: Hashable {
    let cell: CellKind
    let initializer: Initializer
    let spectralRadius: Double
    let hiddenSize: Int
    let inputDeviation: Double
    let staysAtZero: Bool
    let forgetBias: Double?
    let steps: Int
  }

  /// The longest sequences for which the tied mean field is solved; longer ones have its slope.
  private static let longestSolved = 100

  private let lock = NSLock()
  private var bands: [Point: MeanFieldBand?] = [:]
  private var tied: [Point: Double?] = [:]
  /// Of the tied mean field by steps: all its points share it.
  private let noise = BoundedCache<Int, MeanFieldNoise>(capacity: 16 << 20)

  /// Its digits depend on how many threads a product is cut into, so BLAS is to use one.
  public init() { BLASEnvironment.useOneThread() }

  /// All predictions for a trial that has a record, in decades per step; none for a network of several layers or
  /// directions, of which no theory speaks.
  public func predictions(_ p: TrialParameters, _ record: TrialRecord) -> SlopePredictions {
    var result = SlopePredictions()
    guard p.hasOneLayer else { return result }
    if let radius = record.measuredSpectralRadius {
      result[.linear] = Activation(p.cell)?.linearPrediction(spectralRadius: radius)
    }
    if let sigma = record.measuredSigmaMax {
      result[.pascanuBound] = Activation(p.cell)?.pascanuBound(largestSingularValue: sigma)
    }
    if let band = band(p) {
      result[.meanFieldLower] = band.lower
      result[.meanFieldUpper] = band.upper
    }
    result[.lyapunov] = record.lyapunovRate
    result[.forgetPath] = record.forgetPathRate
    result[.tiedMeanField] = tiedMeanField(p)
    return result
  }

  /// The band of a plain RNN; nil where its mean field does not speak of the trial, and where W_hh is not random.
  public func band(_ p: TrialParameters) -> MeanFieldBand? {
    guard p.meanFieldActivation != nil else { return nil }
    return known(point(p, steps: 0), in: \.bands) {
      MeanFieldBand(
        cell: p.staysAtZero ? .rnnLinear : p.cell, spectralRadius: p.spectralRadius,
        hiddenSize: p.hiddenSize, inputScale: p.inputDeviation, initializer: p.initializer)
    }
  }

  /// The slope of the tied dynamic mean field of an LSTM, at σ_w = ρ/ρ_N; nil where that does not speak of the trial, and
  /// where W_hh is not random.
  public func tiedMeanField(_ p: TrialParameters) -> Double? {
    guard p.hasTiedMeanField, let forgetBias = p.forgetBias,
      let scales = p.initializer.recurrentScales(
        spectralRadius: p.spectralRadius, hiddenSize: p.hiddenSize)
    else { return nil }
    let steps = min(p.sequenceLength, Self.longestSolved)
    return known(point(p, steps: steps), in: \.tied) {
      // A slope to some thousandths of a decade a step: far less than seeds scatter.
      let noise = noise.value(steps, size: \.byteCount) {
        MeanFieldNoise(steps: steps, sites: max(500, 4 * (steps + 1)), replicas: 2)
      }
      return TiedLSTMMeanField(
        recurrentScale: scales.lowerBound, inputScale: p.inputDeviation, forgetBias: forgetBias, noise: noise
      ).decayRate?.rate
    }
  }

  private func point(_ p: TrialParameters, steps: Int) -> Point {
    Point(
      cell: p.cell, initializer: p.initializer, spectralRadius: p.spectralRadius,
      hiddenSize: p.hiddenSize, inputDeviation: p.inputDeviation, staysAtZero: p.staysAtZero,
      forgetBias: p.forgetBias, steps: steps)
  }

  /// Computed outside of the lock: two threads may do the same, neither waits.
  private func known<Value>(
    _ point: Point, in cache: ReferenceWritableKeyPath<TrialTheory, [Point: Value]>,
    _ compute: () -> Value
  ) -> Value {
    if let value = lock.withLock({ self[keyPath: cache][point] }) { return value }
    let value = compute()
    lock.withLock { self[keyPath: cache][point] = value }
    return value
  }
}

extension SlopePredictions {
  /// Measured minus predicted, in decades per step; for the mean field, how far the measured slope is outside its band.
  /// nil if either is missing or infinite.
  public func residual(_ prediction: SlopePrediction, of measured: Double?) -> Double? {
    guard let measured, measured.isFinite else { return nil }
    switch prediction {
    case .meanFieldLower, .meanFieldUpper:
      guard let low = self[.meanFieldLower], let high = self[.meanFieldUpper], low.isFinite, high.isFinite
      else { return nil }
      return measured < low ? measured - low : measured > high ? measured - high : 0
    default:
      return self[prediction].flatMap { $0.isFinite ? measured - $0 : nil }
    }
  }
}
