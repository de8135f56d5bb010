import GradientFlow
import Specification
import TextFiles

/// The task of a sweep's trials, with the file it reads.
struct TrialTask: Sendable {
  /// Of a task that reads a file.
  private let loaded: (any LearningTask)?

  /// - Parameter loaded: of a task that reads a file; nil for other tasks.
  package init(loaded: (any LearningTask)? = nil) { self.loaded = loaded }

  /// - Throws: ``RunError/textChanged(path:problem:)`` where a file is not what it was.
  package init(_ task: TaskSpecification) throws(RunError) {
    guard let file = task.file, let format = task.kind.file else {
      self.init()
      return
    }
    do throws(SpecificationError) {
      let data = try InputFile.bytes(
        at: file.resolvedPath, limit: SpecificationKey.taskByteLimit, mustBeRegular: true)
      guard SHA256.hash(data).hexadecimal == file.sha256 else {
        throw SpecificationError(.changedText, at: .file(file.resolvedPath), "its SHA-256 differs")
      }
      self.init(loaded: try format.load(file.resolvedPath, data, task.identity))
    } catch {
      throw .textChanged(path: file.resolvedPath, problem: error.problem)
    }
  }

  /// What can be learned in a trial; nil for noise.
  package func learning(_ p: TrialParameters) -> (any LearningTask)? { p.task.drawn ?? loaded }

  /// I of a trial.
  package func inputSize(_ p: TrialParameters) -> Int { learning(p)?.inputSize ?? p.inputSize }

  /// O of a trial with a readout.
  package func outputSize(_ p: TrialParameters) -> Int { learning(p)?.outputSize ?? p.readoutSize ?? 1 }

  /// E‖x_t‖² of a trial.
  package func meanInputSquare(_ p: TrialParameters) -> Double {
    learning(p)?.meanInputSquare ?? Double(p.inputSize)
  }

  /// Of a language model.
  package var language: NextToken? { loaded as? NextToken }

  /// Of a task whose file is a text.
  package var text: (any StreamTask)? { loaded as? any StreamTask }
}
