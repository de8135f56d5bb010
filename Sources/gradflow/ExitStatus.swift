import ArgumentParser
import Experiments
import Figures
import Foundation
import GradientFlow

/// The exit codes of the command, and the one place that turns an error into a message and a code.
enum ExitStatus: Int32 {
  case someFailed = 1
  case usage = 64
  case badData = 65
  case noInput = 66
  case unavailable = 69
  /// Refused by the system: a full or failing disk, too many open files, no permission.
  case cannotWrite = 73
  case unfinished = 75
  case badSpecification = 78
  case interrupted = 130

  var code: ExitCode { ExitCode(rawValue) }

  /// Ends the program at once, whatever other threads are computing.
  ///
  /// - Parameter folders: from which half-written files of this process are removed.
  func leave(cleaning folders: [String] = []) -> Never {
    UnfinishedFiles.remove(from: folders)
    fflush(nil)
    _exit(rawValue)
  }

  /// Runs a command's body; an error becomes one message on standard error and its exit code.
  static func reporting(_ body: () async throws -> Void) async throws {
    do {
      try await body()
      if Terminal.hasLostData { throw cannotWrite.code }
    } catch let code as ExitCode {
      throw code
    } catch let error as ValidationError {
      throw error
    } catch {
      Terminal.say("gradflow: \(error)")
      throw ExitStatus(error).code
    }
  }

  /// Runs the body of a command that a signal may end at any moment; what it has half written is then removed.
  ///
  /// - Parameter folders: those that it writes into.
  static func interruptible(
    _ folders: [String] = [], _ body: () async throws -> Void
  ) async throws {
    let interruption = Interruption()
    interruption.whenReceived { _ in
      Terminal.say("Interrupted")
      interrupted.leave(cleaning: folders)
    }
    try await reporting(body)
  }

  /// The code of an error.
  init(_ error: any Error) {
    switch error {
    case let error as SpecificationError:
      self =
        error.kind == .refusedBySystem ? .cannotWrite : error.isMissingInput ? .noInput : .badSpecification
    case let error as ModelFileError:
      switch error.kind {
      case .missing, .unreadable: self = .noInput
      case .malformed, .unsupported, .mismatch: self = .badData
      case .cannotWrite, .refused: self = .cannotWrite
      }
    case let error as CaseError:
      switch error.kind {
      case .missing: self = .noInput
      case .malformed, .notFinite, .unsupported: self = .badData
      case .refused: self = .cannotWrite
      }
    case let error as RunError:
      switch error {
      case .notARun, .unknownTrial: self = .noInput
      case .store, .damaged, .newerSchema, .textChanged, .cannotMerge: self = .badData
      case .specificationChanged, .tooLarge: self = .badSpecification
      case .cannotWrite, .cannotCopy, .diskFull, .diskTooSmall, .writingRefused, .readingRefused, .unreadable,
        .foreignFolder, .foreignFile:
        self = .cannotWrite
      case .isShard: self = .usage
      case .inUse, .changing, .notMerged: self = .unfinished
      }
    case let error as OutputsError:
      self = error.isOfUsage ? .usage : .noInput
    case is DiagnosisError, is LanguageModelError, is VocabularyError, is UnitSeriesError:
      self = .badData
    case let error as LanguageFileError:
      switch error {
      case .noModel: self = .noInput
      case .vocabulary, .noVocabulary, .severalModules, .reads, .captured, .text: self = .badData
      }
    case is SlurmOptionError:
      self = .usage
    case is SlurmError:
      self = .unavailable
    case let error as FigureError:
      switch error {
      case .gnuplotMissing, .notStarted, .tooSlow, .scriptFailed, .emptyImage: self = .unavailable
      case .cannotWrite, .brokenImage, .foreign: self = .cannotWrite
      }
    // Errors of the system that came through a library.
    case is SystemFailure, is CocoaError, is POSIXError: self = .cannotWrite
    default:
      self = .badData
    }
  }
}
