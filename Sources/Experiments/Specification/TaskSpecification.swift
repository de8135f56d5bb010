/// Where a sweep's inputs come from, as a specification states it.
public enum TaskSpecification: Sendable, Equatable {
  /// x_t ~ N(0, 1), drawn for each trial's seed.
  case gaussianNoise
  /// Symbols of a text file.
  ///
  /// - Parameters:
  ///   - path: as written in the specification.
  ///   - resolvedPath: `path` resolved against the specification's folder.
  ///   - sha256: of the file's bytes, 64 lower-case hexadecimal digits.
  case text(path: String, resolvedPath: String, sha256: String)

  /// The kinds by the names that specifications use.
  public enum Kind: String, Sendable, CaseIterable {
    /// See ``TaskSpecification/gaussianNoise``.
    case gaussianNoise = "gaussian-noise"
    /// See ``TaskSpecification/text(path:resolvedPath:sha256:)``.
    case text
  }

  /// Which kind it is.
  public var kind: Kind {
    switch self {
    case .gaussianNoise: return .gaussianNoise
    case .text: return .text
    }
  }

  /// What of the task decides results: not where a text lies, only what it says.
  public var identity: TaskIdentity {
    switch self {
    case .gaussianNoise: return .gaussianNoise
    case .text(_, _, let sha256): return .text(sha256: sha256)
    }
  }
}

/// What decides a trial's inputs, beside its seed.
public enum TaskIdentity: Sendable, Hashable {
  /// x_t ~ N(0, 1).
  case gaussianNoise
  /// Symbols of a text, known by the SHA-256 of its bytes (64 lower-case hexadecimal digits).
  case text(sha256: String)

  /// Which kind of task it is.
  public var kind: TaskSpecification.Kind {
    switch self {
    case .gaussianNoise: return .gaussianNoise
    case .text: return .text
    }
  }
}
