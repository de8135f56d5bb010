import Experiments
import Testing

@Suite struct SpecificationChangeTests {
  static func change(_ old: String, _ new: String) throws -> SpecificationChange {
    try SpecificationChange(from: parse(old), to: parse(new))
  }

  static func text(path: String, sha256: Character) throws -> SweepSpecification {
    try SweepSpecification.parse(
      text: "name: x\ntask: {kind: text, path: \(path), "
        + "sha256: \(String(repeating: sha256, count: 64))}",
      file: "x.yaml", requiringTaskFile: false)
  }

  @Test func orderAndNotationAreNoChange() throws {
    #expect(try Self.change("seeds: 3", "seeds: [2, 0, 1]") == .same)
    #expect(try Self.change("", "batch_size: 16.0\nreadout_size: 99") == .same)
  }

  @Test func moreValuesExtend() throws {
    let change = try Self.change(
      "seeds: 2\nspectral_radius: [1, 2]\ncells: rnn",
      "seeds: 4\nspectral_radius: [0.5, 1, 2]\ncells: [rnn, lstm]")
    guard case .extends(let added) = change else {
      Issue.record("\(change)")
      return
    }
    #expect(
      added.map(\.description) == [
        "cells: + [lstm]", "spectral_radius: + [0.5]", "forget_bias: + [1]", "seeds: + [2, 3]",
      ])
  }

  @Test func missingOrOtherValuesConflict() throws {
    let change = try Self.change(
      "batch_size: 16\nseeds: 4", "name: y\nbatch_size: 32\nseeds: 3\nroot_seed: 1\ncells: rnn")
    guard case .conflicts(let differences) = change else {
      Issue.record("\(change)")
      return
    }
    #expect(
      differences.map(\.description) == [
        "name: x → y", "cells: [rnn, lstm] → [rnn]", "batch_size: [16] → [32]",
        "forget_bias: [1] → (none)", "seeds: [0, 1, 2, 3] → [0, 1, 2]", "root_seed: 0 → 1",
      ])
  }

  @Test func textMayMoveButNotChange() throws {
    let old = try Self.text(path: "a", sha256: "0")
    #expect(SpecificationChange(from: old, to: try Self.text(path: "b", sha256: "0")) == .same)
    guard
      case .conflicts(let differences) = SpecificationChange(
        from: old, to: try Self.text(path: "a", sha256: "1"))
    else {
      Issue.record("no conflict")
      return
    }
    #expect(differences.map(\.key) == [.task])
  }
}
