import Foundation
import GradientFlow
import TextFiles

/// The modules of a captured update, each run again in float64 from what it read, with what came back to it, and compared
/// with what automatic differentiation found.
public struct CaptureDiagnosis: Sendable {
  /// What became of a module.
  public enum Outcome: Sendable {
    /// It agrees; the diagnoses of its sequences.
    case reported([ModelDiagnosis])
    /// It is not reported, and why.
    case refused(String)
  }

  /// A module of the update.
  public struct Module: Sendable {
    public let name: String
    public let outcome: Outcome
    /// nil where it was not run.
    public let check: CaptureCheck?
    /// How many sequences it read, and how many of them are reported.
    public let sequences, reported: Int
  }

  public let update: CapturedUpdate
  public let modules: [Module]

  /// Diagnoses the modules of an update.
  ///
  /// - Parameters:
  ///   - names: those to be looked at; nil: all.
  ///   - call: which of a module's sequences, from 0; nil: up to four, of more the longest.
  ///   - plan: of the sequences that are reported.
  /// - Throws: ``CaseError`` or `ModelFileError` for a capture that is damaged; what a module alone is wrong with is its
  ///   outcome.
  public init(
    _ update: CapturedUpdate, names: [String]? = nil, call: Int? = nil, clip: GradientClip = .none,
    plan: DiagnosisPlan, progress: (String) -> Void = { _ in }
  ) throws {
    self.update = update
    let all = update.modules
    if let unknown = names?.first(where: { name in !all.contains { $0.name == name } }) {
      throw CaseError(
        .malformed, place: update.folder,
        problem:
          "no module \(Excerpt.quoted(unknown)) was captured; there are \(Excerpt.list(all.map(\.name)))")
    }
    let wanted = all.filter { names?.contains($0.name) ?? true }
    guard !wanted.isEmpty else {
      throw CaseError(
        .malformed, place: update.folder,
        problem: (["no recurrent module was captured"] + update.notes).joined(separator: "; "))
    }
    // A parameter of several modules has one gradient, to which all of them add.
    let summed = try GradientSums(
      of: all.filter { module in
        wanted.contains { $0.name == module.name } || Self.shares(module, wanted)
      }, update, clip: clip, progress)
    modules = try wanted.map { module in
      try Self.diagnose(module, update, summed, call: call, clip: clip, plan: plan, progress)
    }
  }

  /// Whether a module has a parameter of one of some others.
  private static func shares(_ module: CapturedUpdate.Module, _ others: [CapturedUpdate.Module]) -> Bool {
    func numbers(_ module: CapturedUpdate.Module) -> Set<Int> {
      Set(
        module.layers.joined().flatMap {
          [$0.weightIH, $0.weightHH, $0.biasIH, $0.biasHH].compactMap(\.self)
        })
    }
    let own = numbers(module)
    return others.contains { !numbers($0).isDisjoint(with: own) }
  }

  private static func diagnose(
    _ module: CapturedUpdate.Module, _ update: CapturedUpdate, _ sums: GradientSums, call: Int?,
    clip: GradientClip, plan: DiagnosisPlan, _ progress: (String) -> Void
  ) throws -> Module {
    func refused(_ reason: String, _ check: CaptureCheck? = nil) -> Module {
      Module(
        name: module.name, outcome: .refused(reason), check: check, sequences: module.sequences.count,
        reported: 0)
    }
    if let problem = module.problem { return refused(problem) }
    guard let run = sums.modules[module.name] else { return refused("was not run") }
    if let problem = run.problem { return refused(problem) }
    guard run.check.agrees else {
      return refused(
        "disagrees with what was captured: largest relative difference of \(run.check.words); nothing of it is reported. "
          + (module.type == .float64
            ? "The program that ran is another one than the one described: report it"
            : "Rounding in \(module.type.rawValue) may do this: capture in float64 (model.double())"),
        run.check)
    }
    let usable = module.sequences.indices.filter { module.sequences[$0].problem == nil }
    var chosen = usable
    if let call {
      guard module.sequences.indices.contains(call) else {
        return refused(
          "has no sequence \(call); there are \(module.sequences.count), counted from 0", run.check)
      }
      if let problem = module.sequences[call].problem { return refused(problem, run.check) }
      chosen = [call]
    } else if usable.count > 4 {
      let longest = usable.max { module.sequences[$0].steps < module.sequences[$1].steps }
      chosen = longest.map { [$0] } ?? []
    }
    let captured = try CapturedModel(module, of: update)
    do {
      let diagnoses = try chosen.map { k in
        let name =
          module.sequences.count == 1
          ? module.name : "\(module.name) (call \(k) of \(module.sequences.count))"
        var problem = try captured.sequence(module.sequences[k], name: name.isEmpty ? "model" : name).problem
        problem.clip = clip
        return try ModelDiagnosis(problem, plan: plan) { progress("\(name): \($0)") }
      }
      return Module(
        name: module.name, outcome: .reported(diagnoses), check: run.check,
        sequences: module.sequences.count, reported: chosen.count)
    } catch let error as DiagnosisError {
      return refused("\(error)", run.check)
    }
  }

  /// The diagnoses of all modules that are reported.
  public var diagnoses: [ModelDiagnosis] {
    modules.flatMap { module -> [ModelDiagnosis] in
      if case .reported(let diagnoses) = module.outcome { return diagnoses }
      return []
    }
  }

  /// Whether some module is not reported.
  public var hasRefused: Bool {
    modules.contains { module in
      if case .refused = module.outcome { return true }
      return false
    }
  }
}

extension CaptureCheck {
  /// The differences in words.
  public var words: String {
    func number(_ value: Double) -> String { value == 0 ? "0" : String(format: "%.1e", value) }
    var parts = [outputs.map { "outputs \(number($0))" } ?? "outputs not compared (there were none)"]
    parts.append(
      weightGradients.map { "gradients of weights \(number($0))" }
        ?? "gradients of weights not compared (\(reason ?? "there were none"))")
    if let inputGradients { parts.append("∂L/∂x \(number(inputGradients))") }
    return parts.joined(separator: ", ") + (worst.map { "; most in \($0)" } ?? "")
  }
}

// MARK: - For people and files

extension CaptureFolder {
  /// `Tagger, captured by gradflow-capture 0.1.0 from torch 2.9.0: update 300 of 0…900, loss 1.23`.
  public func headline(_ update: CapturedUpdate) -> String {
    var text =
      "\(Excerpt.shortened(model)), captured by \(Excerpt.shortened(writer)) from \(Excerpt.shortened(framework))"
    if let first = updates.first, let last = updates.last, updates.count > 1 {
      text +=
        ": update \(update.number) (captured: \(first.number) to \(last.number)"
        + (every.map { ", every \($0)" } ?? "") + ")"
    }
    if let loss = update.loss { text += ", loss \(Brief.number(loss))" }
    return text + (isFinished ? "" : " (the program has not ended its capture)")
  }
}

extension CaptureDiagnosis {
  /// A line for each module: how far it is from what was captured, or why it is not reported.
  public var lines: [String] {
    modules.map { module in
      let name = module.name.isEmpty ? "model" : Excerpt.shortened(module.name)
      switch module.outcome {
      case .refused(let reason): return "\(name): not reported: \(reason)"
      case .reported:
        var line = "\(name): agrees with automatic differentiation"
        if let check = module.check, check.isEmpty {
          line = "\(name): not compared, for the capture has neither outputs nor gradients of weights"
        } else if let check = module.check {
          line +=
            " (within \(String(format: "%.0e", check.tolerance))): largest relative difference of \(check.words)"
        }
        let others = module.sequences - module.reported
        if others > 0 {
          line +=
            "; \(module.reported) of \(module.sequences) sequences \(module.reported == 1 ? "is" : "are") reported "
            + "(--call K for another)"
        }
        return line
      }
    }
  }

  /// Those of modules that are not reported.
  public var refusals: [String] {
    zip(modules, lines).compactMap { module, line in
      if case .refused = module.outcome { return line }
      return nil
    }
  }

  /// Where what is reported goes: a folder for each sequence, with the check of its module.
  public func folder(name: String) -> DiagnosisFolder {
    var checks: [[(String, JSONText)]] = []
    for module in modules {
      guard case .reported(let diagnoses) = module.outcome else { continue }
      checks += diagnoses.map { _ in [("check", module.summary)] }
    }
    let all = JSONText.array(
      modules.map { module in
        var reason: String?
        if case .refused(let text) = module.outcome { reason = text }
        return .object([
          ("name", .string(module.name)), ("sequences", .integer(module.sequences)),
          ("reported", .integer(module.reported)), ("refused", .string(reason)), ("check", module.summary),
        ])
      })
    return DiagnosisFolder(
      name: name, diagnoses, alwaysApart: true, checks: checks,
      further: [
        ("update", .integer(update.number)), ("loss", .number(update.loss)), ("checks", all),
      ])
  }
}

extension CaptureDiagnosis.Module {
  /// Differences and what they are compared with; null where the module was not run.
  var summary: JSONText {
    guard let check else { return .null }
    return .object([
      ("outputs", .number(check.outputs)), ("weight_gradients", .number(check.weightGradients)),
      ("input_gradients", .number(check.inputGradients)), ("tolerance", .number(check.tolerance)),
      ("agrees", .boolean(check.agrees)), ("worst", .string(check.worst)),
    ])
  }
}
