import GradientFlow

/// The task of a sweep's trials, with the file it reads.
struct TrialTask: Sendable {
  private let text: NextCharacter?
  private let digits: SequentialDigits?

  /// - Parameters:
  ///   - text: of a text task.
  ///   - digits: of a digits task.
  init(text: NextCharacter? = nil, digits: SequentialDigits? = nil) {
    self.text = text
    self.digits = digits
  }

  /// - Throws: ``RunError/textChanged(path:problem:)`` where a file is not what it was.
  init(_ specification: SweepSpecification) throws(RunError) {
    switch specification.task {
    case .text(let file):
      self.init(text: NextCharacter(text: try SweepText.read(file.resolvedPath, sha256: file.sha256)))
    case .digits(let file, _):
      try SweepText.check(file.resolvedPath, sha256: file.sha256)
      do throws(ModelFileError) {
        self.init(digits: try DigitImages(contentsOf: file.resolvedPath).task())
      } catch {
        throw .textChanged(path: file.resolvedPath, problem: error.description)
      }
    case .gaussianNoise, .published: self.init()
    }
  }

  /// What can be learned in a trial; nil for noise.
  func learning(_ p: TrialParameters) -> (any LearningTask)? {
    switch p.task {
    case .gaussianNoise: return nil
    case .text: return text
    case .published(let task): return task.task
    case .digits: return digits
    }
  }

  /// I of a trial.
  func inputSize(_ p: TrialParameters) -> Int { learning(p)?.inputSize ?? p.inputSize }

  /// E‖x_t‖² of a trial.
  func meanInputSquare(_ p: TrialParameters) -> Double {
    learning(p)?.meanInputSquare ?? Double(p.inputSize)
  }

  /// The text of a text task.
  var characters: NextCharacter? { text }
}
