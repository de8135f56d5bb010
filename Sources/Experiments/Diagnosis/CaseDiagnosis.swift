import Foundation
import GradientFlow

/// A case diagnosed in double precision, and its three files: `timesteps.csv`, `summary.json` and
/// `gradients.safetensors`.
public struct CaseDiagnosis: Sendable {
  /// The case.
  public let reference: ReferenceCase
  /// What it was clipped by.
  public let clip: GradientClip
  /// What its backward pass found.
  public let found: ProblemGradients<Double>
  /// Of each gate block of W_hh.
  public let spectra: [MatrixSpectrum]

  /// Runs a case.
  ///
  /// - Throws: ``CaseError`` if the forward pass leaves the range of float64.
  public init(_ reference: ReferenceCase, clip: GradientClip = .none) throws {
    self.reference = reference
    self.clip = clip
    try MachineLimits.checkMemory(
      TrialCost(
        cell: reference.cell, shape: reference.shape, elementSize: 8, clips: clip.stepClip != .none
      ).memory, of: reference.directory)
    spectra = try reference.cell.gates.indices.map {
      try MatrixSpectrum(of: reference.parameters.recurrentBlock($0))
    }
    switch reference.problem(Double.self).diagnose(clip: clip) {
    case .gradients(let found):
      guard found.isFinite else {
        throw CaseError(
          .malformed, place: reference.directory,
          problem: "the loss or a gradient leaves the float64 range or is not a number; look for weights "
            + "or targets of extreme size")
      }
      self.found = found
    case .diverged(let step):
      throw CaseError(
        .malformed, place: reference.directory,
        problem: "the hidden state leaves the float64 range at step \(step); there are no gradients")
    }
  }

  /// Writes the files, each whole or not at all; makes the directory if it is missing.
  ///
  /// - Throws: ``RunError/cannotWrite(path:problem:)`` or `ModelFileError`.
  public func write(to directory: String) throws {
    try makeDirectory(directory)
    func path(_ name: String) -> String { (directory as NSString).appendingPathComponent(name) }
    let csv = try StreamedFile(path: path("timesteps.csv"))
    try csv.write(TimestepsCSV.header + "\n")
    let table = StepTable(
      clipped: found.steps, unclipped: found.unclippedSteps,
      log10Coefficient: found.clipping.coefficient?.log10 ?? 0)
    try TimestepsCSV.write(
      table,
      of: .init(name: reference.name, cell: reference.cell, shape: reference.shape, clip: clip)
    ) { try csv.write($0) }
    try csv.finish()
    try AtomicFile.write(Array(summary.text.utf8), to: path("summary.json"))
    let (tensors, metadata) = try gradientTensors()
    try SafetensorsFile.write(tensors: tensors, metadata: metadata, to: path("gradients.safetensors"))
  }

  /// `summary.json`; log10 of an exact zero is null.
  public var summary: JSONText {
    let gradients = found.clipping.gradients
    func log10(_ norm: ScaledNumber) -> JSONText { .number(norm.log10) }
    func blocks(_ value: (MatrixSpectrum) -> Double) -> JSONText {
      .array(spectra.map { .number(value($0)) })
    }
    let decay = found.steps.decayRate
    return .object([
      ("name", .string(reference.name)),
      ("cell", .string(reference.cell.rawValue)),
      ("loss", .number(found.loss)),
      (
        "log10_total_grad_norm",
        .object(gradients.named.map { ($0.name, log10($0.gradient.norm)) })
      ),
      ("log10_global_grad_norm", log10(gradients.globalNorm)),
      (
        "weight_hh_spectrum",
        .object([
          (
            "blocks",
            .array(reference.cell.gates.map { .string($0 == .preactivation ? "" : $0.rawValue) })
          ),
          ("spectral_radius", blocks(\.spectralRadius)),
          ("sigma_max", blocks(\.largestSingularValue)),
          ("sigma_min", blocks(\.smallestSingularValue)),
          ("frobenius_norm", blocks(\.frobeniusNorm)),
          ("henrici_departure", blocks(\.henriciDeparture)),
          ("numerical_abscissa", blocks(\.numericalAbscissa)),
        ])
      ),
      ("log10_ratio_first_last", .number(found.steps.log10RatioFirstLast)),
      ("decay_rate", .number(decay?.rate)),
      ("decay_rate_r2", .number(decay?.r2)),
      ("half_life", .number(decay?.halfLife)),
      (
        "clipping",
        .object([
          ("rule", .string(clip.label)),
          ("log10_global_grad_norm_before", log10(found.clipping.normBefore)),
          ("clip_fraction", .number(found.clipping.clippedFraction)),
          ("cosine_to_unclipped", .number(found.clipping.cosine)),
        ])
      ),
    ])
  }

  /// Whole gradients as float64; one outside that range with unit norm, its log10 norm in the metadata.
  private func gradientTensors() throws(ModelFileError) -> (
    tensors: [(name: String, array: NumericArray)], metadata: [String: String]
  ) {
    var metadata = ["format": "gradientflow-gradients"]
    var tensors: [(name: String, array: NumericArray)] = []
    for (name, gradient) in found.clipping.gradients.named {
      let norm = gradient.norm
      var values = gradient.doubles
      if !norm.isZero, !(-1000...1000).contains(norm.exponent) {
        let scale = norm.mantissa * powerOfTwo(norm.exponent - gradient.exponent)
        values = gradient.values.map { $0 / scale }
        metadata["\(name).log10_norm"] = CSVField.number(norm.log10)
      }
      tensors.append((name: name, array: try NumericArray(values, shape: shape(of: name))))
    }
    return (tensors, metadata)
  }

  private func shape(of name: String) -> [Int] {
    let rows = reference.parameters.weightHH.rows
    switch name {
    case RecurrentParameter.weightIH.rawValue: return [rows, reference.shape.inputSize]
    case RecurrentParameter.weightHH.rawValue: return [rows, reference.shape.hiddenSize]
    case "readout.weight":
      return [reference.readout?.outputSize ?? 0, reference.shape.hiddenSize]
    case "readout.bias": return [reference.readout?.outputSize ?? 0]
    default: return [rows]
    }
  }
}
