/// Where a sweep's inputs come from, as a specification states it.
public enum TaskSpecification: Sendable, Equatable {
  /// x_t ~ N(0, 1), drawn for each trial's seed.
  case gaussianNoise
  /// Symbols of a text file.
  case text(TaskFile)
  /// Sequences of a published task, drawn for each trial's seed.
  case published(PublishedTask)
  /// Images of a file, pixel by pixel.
  case digits(TaskFile, pixels: Int)

  /// The kinds by the names that specifications use.
  public enum Kind: String, Sendable, CaseIterable {
    /// See ``TaskSpecification/gaussianNoise``.
    case gaussianNoise = "gaussian-noise"
    /// See ``TaskSpecification/text(_:)``.
    case text
    /// See ``PublishedTask``.
    case temporalOrder = "temporal-order"
    case adding, multiplication
    case copyMemory = "copy-memory"
    case memorisation
    case delayedXOR = "delayed-xor"
    /// See ``TaskSpecification/digits(_:pixels:)``.
    case digits
  }

  /// Which kind it is.
  public var kind: Kind { identity.kind }

  /// What of the task decides results: not where a file lies, only what it says.
  public var identity: TaskIdentity {
    switch self {
    case .gaussianNoise: return .gaussianNoise
    case .text(let file): return .text(sha256: file.sha256)
    case .published(let task): return .published(task)
    case .digits(let file, let pixels): return .digits(sha256: file.sha256, pixels: pixels)
    }
  }

  /// The file it reads; nil for most.
  public var file: TaskFile? {
    switch self {
    case .text(let file), .digits(let file, _): return file
    case .gaussianNoise, .published: return nil
    }
  }

  /// The same task with its file by the absolute path, so that it stands for itself.
  var withAbsolutePath: TaskSpecification {
    switch self {
    case .text(let file): return .text(file.absolute)
    case .digits(let file, let pixels): return .digits(file.absolute, pixels: pixels)
    case .gaussianNoise, .published: return self
    }
  }
}

/// A file that a task reads.
public struct TaskFile: Sendable, Equatable {
  /// As written in the specification.
  public let path: String
  /// `path` resolved against the specification's folder.
  public let resolvedPath: String
  /// Of the file's bytes, 64 lower-case hexadecimal digits.
  public let sha256: String
  /// Characters of a text; nil where the file was not read. It follows from the hash, and makes no difference.
  let characters: Int?

  var absolute: TaskFile {
    TaskFile(path: resolvedPath, resolvedPath: resolvedPath, sha256: sha256, characters: characters)
  }

  public static func == (a: TaskFile, b: TaskFile) -> Bool {
    (a.path, a.resolvedPath, a.sha256) == (b.path, b.resolvedPath, b.sha256)
  }
}

/// What decides a trial's inputs, beside its seed.
public enum TaskIdentity: Sendable, Hashable {
  /// x_t ~ N(0, 1).
  case gaussianNoise
  /// Symbols of a text, known by the SHA-256 of its bytes (64 lower-case hexadecimal digits).
  case text(sha256: String)
  /// A published task.
  case published(PublishedTask)
  /// Images, likewise known, of so many pixels.
  case digits(sha256: String, pixels: Int)

  /// Which kind of task it is.
  public var kind: TaskSpecification.Kind {
    switch self {
    case .gaussianNoise: return .gaussianNoise
    case .text: return .text
    case .published(let task): return task.kind
    case .digits: return .digits
    }
  }

  /// For captions.
  public var label: String {
    if case .published(let task) = self { return task.label }
    return kind.rawValue
  }

  /// Whether the task and not the specification says how many inputs and outputs there are, and what the loss is.
  public var decidesSizes: Bool { self != .gaussianNoise }

  /// Whether it says when it is solved.
  public var hasSuccessRule: Bool {
    if case .published(let task) = self { return task.task.success != nil }
    return false
  }
}
