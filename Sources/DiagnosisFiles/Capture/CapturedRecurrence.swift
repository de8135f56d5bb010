import GradientFlow
import TextFiles

/// The recurrent layers of a captured module, without what reads them: enough to run a text through.
public struct CapturedRecurrence: Sendable {
  /// Of the module, as in `model.named_modules()`.
  public let name: String
  /// The update whose weights they are.
  public let update: Int
  public let model: RecurrentModel<Double>

  /// Reads the weights of a module.
  ///
  /// - Parameters:
  ///   - path: of the capture.
  ///   - name: of the module; nil where there is one alone.
  ///   - update: nil: the last one captured.
  /// - Throws: ``CaseError`` or `ModelFileError`.
  public init(_ path: String, module name: String?, update: Int?) throws {
    let capture = try CaptureFolder(path)
    let found = try CapturedUpdate(capture.update(update), of: capture)
    let named = found.modules.filter { name == nil || $0.name == name }
    guard named.count == 1, let module = named.first else {
      throw CaseError(
        .malformed, place: path,
        problem: "captured modules are \(Excerpt.list(found.modules.map(\.name))); choose one with --prefix")
    }
    if let problem = module.problem {
      throw CaseError(.unsupported, place: "\(path), module \(Excerpt.quoted(module.name))", problem: problem)
    }
    model = try CapturedModel(module, of: found).model
    (self.name, self.update) = (module.name, found.number)
  }
}
