import Foundation
import GradientFlow

/// Runs single trials. A trial depends on its parameters and nothing else; where several run at once they
/// share drawn weight blocks and inputs.
public struct TrialRunner: Sendable {
  private let text: NextCharacter?
  private let blocks: RecurrentBlockCache
  private let samples: TrialSampleCache

  /// Batch elements whose trajectories are followed for the rates that theory compares with: enough for a mean, few
  /// enough to cost little beside the pass.
  static let followed = 4
  /// Bytes of shared blocks and inputs that are kept where memory is plenty.
  static let fullCacheCapacity = 7 << 26

  /// - Parameters:
  ///   - text: the text of a text task; nil for other tasks.
  ///   - cacheCapacity: bytes of shared blocks and inputs to keep.
  init(text: String?, cacheCapacity: Int) {
    self.text = text.map(NextCharacter.init)
    blocks = RecurrentBlockCache(capacity: cacheCapacity / 7 * 5)
    samples = TrialSampleCache(capacity: cacheCapacity / 7 * 2)
  }

  /// - Parameter text: the text of a text task; nil for other tasks.
  public init(text: String? = nil) {
    self.init(text: text, cacheCapacity: Self.fullCacheCapacity)
  }

  /// - Throws: ``RunError/textChanged(path:problem:)`` where a text task's text is not what it was.
  init(_ specification: SweepSpecification, cacheCapacity: Int = fullCacheCapacity) throws(RunError) {
    var text: String?
    if case .text(_, let path, let sha256) = specification.task {
      text = try SweepText.read(path, sha256: sha256)
    }
    self.init(text: text, cacheCapacity: cacheCapacity)
  }

  /// I of a trial: the vocabulary's size for a text task.
  public func inputSize(of parameters: TrialParameters) -> Int {
    text?.inputSize ?? parameters.inputSize
  }

  /// Runs a trial; whatever goes wrong is in the record.
  public func run(_ parameters: TrialParameters) -> TrialRecord {
    do {
      switch parameters.precision {
      case .float32: return try run(parameters, in: Float.self)
      case .float64: return try run(parameters, in: Double.self)
      }
    } catch {
      var record = TrialRecord(status: .failed)
      record.message = String(describing: error)
      return record
    }
  }

  /// The network, data and loss of a trial, with the largest measured ρ and σ_max of the blocks of W_hh.
  public func problem<Element: Scalar>(
    _ p: TrialParameters, in type: Element.Type
  ) throws -> (problem: GradientProblem<Element>, spectralRadius: Double, sigmaMax: Double) {
    let size = inputSize(of: p)
    let meanSquare = text?.meanInputSquare ?? Double(size)
    let recipe = ParameterRecipe(
      cell: p.cell, hiddenSize: p.hiddenSize, inputSize: size, initializer: p.initializer,
      spectralRadius: p.spectralRadius, inputScale: p.inputScale, meanInputSquare: meanSquare,
      forgetBias: p.forgetBias ?? 0, rootSeed: p.rootSeed, seed: p.seed)
    var radius = 0.0
    var sigma = 0.0
    let parameters = try recipe.parameters { gate throws(LinearAlgebraError) in
      let entry = try blocks.entry(recipe, gate: gate, precision: p.precision)
      radius = max(radius, entry.spectralRadius)
      sigma = max(sigma, entry.sigmaMax)
      return entry.block
    }
    let (sample, loss) = try TrialLoss(p, text: text, samples: samples).sample(type, inputSize: size)
    let problem = GradientProblem(
      cell: p.cell,
      shape: SequenceShape(
        steps: p.sequenceLength, batch: p.batchSize, inputSize: size, hiddenSize: p.hiddenSize),
      parameters: parameters.converted(to: type), inputs: sample, loss: loss)
    return (problem, radius, sigma)
  }

  private func run<Element: Scalar>(
    _ p: TrialParameters, in type: Element.Type
  ) throws -> TrialRecord {
    let (problem, radius, sigma) = try problem(p, in: type)
    var record: TrialRecord
    switch problem.diagnose(clip: p.clip, following: Self.followed) {
    case .diverged(let step):
      record = TrialRecord(status: .diverged)
      record.divergedAt = step
    case .gradients(let found):
      record = found.isFinite ? TrialRecord(found) : TrialRecord(status: .diverged)
    }
    record.measuredSpectralRadius = radius
    record.measuredSigmaMax = sigma
    return record
  }
}

extension TrialRecord {
  /// What one diagnosed problem says.
  public init<Element: Scalar>(_ found: ProblemGradients<Element>) {
    let steps = found.steps
    self.init(status: Self.status(steps.hidden, in: Element.self))
    let clipping = found.clipping
    loss = found.loss.isFinite ? found.loss : nil
    log10GradTotal = clipping.normAfter.log10.orNil
    log10GradTotalUnclipped = clipping.normBefore.log10.orNil
    log10GradWeightHH = clipping.gradients.weightHH.norm.log10.orNil
    log10GradWeightIH = clipping.gradients.weightIH.norm.log10.orNil
    log10GradBias = clipping.gradients.biasIH.norm.log10.orNil
    log10RatioFirstLast = steps.log10RatioFirstLast.orNil
    if let decay = steps.decayRate {
      decayRate = decay.rate
      decayRateR2 = decay.r2
      decayRateLags = decay.count
      halfLife = decay.halfLife
    }
    clipFraction = clipping.clippedFraction
    clipCosine = clipping.cosine
    lyapunovRate = found.rates?.lyapunov.orNil
    forgetPathRate = found.rates?.forgetPath?.orNil
    self.steps = StepTable(
      clipped: steps, unclipped: found.unclippedSteps,
      log10Coefficient: clipping.coefficient?.log10 ?? 0)
  }

  /// Whether plain backpropagation in this precision would have left its range on the way.
  private static func status<Element: Scalar>(_ norms: [Double], in type: Element.Type) -> TrialStatus {
    let smallest = log10(Double(Element.leastNormalMagnitude))
    let largest = log10(Double(Element.greatestFiniteMagnitude))
    if norms.contains(where: { $0 > largest }) { return .overflow }
    if norms.contains(where: { $0 < smallest && $0.isFinite }) { return .underflow }
    return .ok
  }
}

extension Double {
  /// nil for NaN: what does not exist.
  fileprivate var orNil: Double? { isNaN ? nil : self }
}
