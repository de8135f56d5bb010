import Foundation
import GradientFlow
import TextFiles
import Trials

/// The folder of a diagnosis: of one module its files, of several a folder for each and a summary of all.
public struct DiagnosisFolder: Sendable {
  /// A module's diagnosis and where it goes.
  public struct Module: Sendable {
    public let diagnosis: ModelDiagnosis
    /// Its folder inside; nil: the folder itself.
    public let folder: String?
    /// What its summary has beside, of a capture.
    public var further: [(String, JSONText)] = []
  }

  public let name: String
  public let modules: [Module]
  /// What the summary of all has beside.
  private let further: [(String, JSONText)]

  /// - Parameters:
  ///   - alwaysApart: whether one module too has a folder of its own.
  ///   - checks: what the summaries have beside, by module.
  public init(
    name: String, _ diagnoses: [ModelDiagnosis], alwaysApart: Bool = false,
    checks: [[(String, JSONText)]] = [], further: [(String, JSONText)] = []
  ) {
    self.name = name
    self.further = further
    var taken: Set<String> = []
    modules = diagnoses.enumerated().map { k, diagnosis in
      let apart = alwaysApart || diagnoses.count > 1
      let folder = apart ? Self.folderName(diagnosis.problem.name, &taken) : nil
      return Module(
        diagnosis: diagnosis, folder: folder, further: checks.indices.contains(k) ? checks[k] : [])
    }
  }

  /// A module's name as that of a folder, each once.
  private static func folderName(_ name: String, _ taken: inout Set<String>) -> String {
    let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")
    var stem = String(name.map { allowed.contains($0) ? $0 : "_" }.prefix(100))
    if stem.isEmpty || stem.hasPrefix(".") { stem = "module" + stem }
    // What lies beside, in a folder of one module.
    if ["figures", "summary.json"].contains(stem) { stem += "_" }
    var (folder, number) = (stem, 1)
    while !taken.insert(folder.lowercased()).inserted {
      number += 1
      folder = "\(stem)-\(number)"
    }
    return folder
  }

  /// Makes sure that writing there harms nothing.
  ///
  /// - Throws: as ``OutputFolder/check(_:isSpecification:)``.
  public func check(_ path: String) throws(RunError) {
    try ModelDiagnosis.folder.check(path)
    for folder in modules.compactMap(\.folder) {
      try ModelDiagnosis.folder.check(PathName.joined(path, folder))
    }
  }

  /// Where a module's files go.
  public func path(of module: Module, in directory: String) -> String {
    module.folder.map { PathName.joined(directory, $0) } ?? directory
  }

  /// Writes all, each file whole or not at all.
  ///
  /// - Returns: the names of the files and folders.
  /// - Throws: ``RunError`` or `ModelFileError`.
  public func write(to directory: String) throws -> [String] {
    try check(directory)
    guard modules.contains(where: { $0.folder != nil }) else {
      return try modules.flatMap { try $0.diagnosis.write(to: directory) }
    }
    try makeDirectory(directory)
    LeftoverFiles.remove(from: directory)
    // First what tells that the folder is a diagnosis.
    try AtomicFile.write(Array(summary.text.utf8), to: PathName.joined(directory, "summary.json"))
    for module in modules { try module.diagnosis.write(to: path(of: module, in: directory)) }
    return ["summary.json"] + modules.compactMap(\.folder).map { $0 + "/" }
  }

  /// `summary.json`: of one module its own, of several what each is and how its gradients decay.
  public var summary: JSONText {
    if modules.count == 1, modules[0].folder == nil { return modules[0].diagnosis.summary }
    return .object(
      [("name", .string(name))] + further + [
        (
          "modules",
          .array(
            modules.map { module in
              .object(
                [
                  ("name", .string(module.diagnosis.problem.name)), ("folder", .string(module.folder)),
                ] + module.further + [("summary", module.diagnosis.summary)])
            })
        )
      ])
  }
}
