import Experiments
import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Reference cases") struct ReferenceCaseTests {
  @Test func allFifteenShip() { #expect(ReferenceCases.names.count == 15) }

  @Test(arguments: ReferenceCases.names)
  func everyQuantityAgreesInFloat64(_ name: String) throws {
    let verification = try CaseVerification(directory: ReferenceCases.path(name))
    #expect(verification.checks.count >= 20)
    for check in verification.checks {
      #expect(check.passed, "\(check.name): \(check.failure ?? "")")
    }
  }

  /// The sets that this machine would not choose by itself: of each level of the processor, with products generated
  /// for their shapes and with BLAS.
  @Test(arguments: KernelSelection.available.filter { $0 != .fastest }, [Precision.float64, .float32])
  func everyCaseAgreesOnEverySetOfKernels(_ kernels: KernelSelection, _ precision: Precision) throws {
    for name in ReferenceCases.names {
      let failures = try withKernels(kernels) {
        #expect(KernelSelection.current == kernels)
        return try CaseVerification(directory: ReferenceCases.path(name), precision: precision).checks.filter
        {
          !$0.passed
        }
      }
      #expect(failures.isEmpty, "\(name): \(failures.map(\.name))")
    }
  }

  @Test func everyMachineHasThePortableSet() {
    #expect(KernelSelection.available.contains(KernelSelection(level: .baseline, generatesProducts: false)))
    #expect(KernelSelection.available.contains(.fastest))
  }

  @Test(arguments: ReferenceCases.names)
  func float32StaysWithinTenTimesAPlainProgramsError(_ name: String) throws {
    let verification = try CaseVerification(
      directory: ReferenceCases.path(name), precision: .float32)
    #expect(!verification.checks.isEmpty)
    for check in verification.checks {
      #expect(check.passed, "\(check.name): \(check.failure ?? "")")
    }
  }
}

/// The verification itself must be able to fail.
@Suite("Verification of damaged references") struct DamagedReferenceTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
    for file in try FileManager.default.contentsOfDirectory(atPath: ReferenceCases.path("gru_uniform")) {
      try FileManager.default.copyItem(
        atPath: ReferenceCases.path("gru_uniform") + "/" + file, toPath: directory.file(file))
    }
  }

  private func edit(_ change: (inout [String: Any]) -> Void) throws {
    let url = URL(fileURLWithPath: directory.file("expected.json"))
    let object = try ExactJSON.object(with: Data(contentsOf: url))
    var json = try #require(object as? [String: Any])
    change(&json)
    try JSONSerialization.data(withJSONObject: json).write(to: url)
  }

  private func failures() throws -> [String] {
    try CaseVerification(directory: directory.path).checks.filter { !$0.passed }.map(\.name)
  }

  @Test func theUndamagedCopyPasses() throws {
    let failures = try failures()
    #expect(failures.isEmpty)
  }

  @Test(arguments: [
    "loss", "grad_h_norm", "log10_grad_h_norm", "step_grad_weight_hh_norm",
    "grad_preactivation_norm_per_gate", "grad_preactivation_hh_norm",
  ])
  func aMissingQuantityFails(_ key: String) throws {
    try edit { $0[key] = nil }
    let failures = try failures()
    #expect(failures == [key])
  }

  @Test func aWrongLengthFails() throws {
    try edit { $0["grad_h_norm"] = Array((($0["grad_h_norm"] as? [Double]) ?? []).dropLast()) }
    let failures = try failures()
    #expect(failures == ["grad_h_norm"])
  }

  @Test func aWrongNumberFails() throws {
    try edit {
      var norms = ($0["log10_grad_h_norm"] as? [Double]) ?? []
      norms[5] += 1e-8
      $0["log10_grad_h_norm"] = norms
    }
    let failures = try failures()
    #expect(failures == ["log10_grad_h_norm"])
  }

  @Test func nullWhereTheNormIsNotZeroFails() throws {
    try edit {
      var norms = ($0["log10_grad_h_norm"] as? [Any]) ?? []
      norms[5] = NSNull()
      $0["log10_grad_h_norm"] = norms
    }
    let failures = try failures()
    #expect(failures == ["log10_grad_h_norm"])
  }

  @Test func notANumberInATensorFails() throws {
    // The first element of the member `grad.readout.bias` becomes NaN; its checksum is made to fit.
    let path = directory.file("expected.npz")
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let changed = StoredArchive.poison(&bytes, member: "grad.readout.bias.npy")
    #expect(changed)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let failures = try failures()
    #expect(failures == ["grad.readout.bias"])
  }

  @Test func notANumberNeverAgrees() {
    let check = QuantityCheck(
      name: "x", measured: [.nan], expected: [.nan], rule: .relative(1))
    #expect(!check.passed)
    #expect(
      !QuantityCheck(name: "x", measured: [.nan], expected: [1], rule: .absolute(.infinity)).passed)
    #expect(
      !QuantityCheck(name: "x", measured: nil, expected: [1], rule: .absolute(1)).passed)
  }
}
