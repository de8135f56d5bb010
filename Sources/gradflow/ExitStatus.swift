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
  case cannotWrite = 73
  case unfinished = 75
  case badSpecification = 78
  case interrupted = 130

  var code: ExitCode { ExitCode(rawValue) }

  /// Ends the program at once, whatever other threads are computing.
  func leave() -> Never {
    fflush(nil)
    _exit(rawValue)
  }

  /// Runs a command's body; an error becomes one message on standard error and its exit code.
  static func reporting(_ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch let code as ExitCode {
      throw code
    } catch let error as ValidationError {
      throw error
    } catch {
      Terminal.say("gradflow: \(error)")
      throw ExitStatus(error).code
    }
  }

  /// The code of an error.
  init(_ error: any Error) {
    switch error {
    case let error as SpecificationError:
      self = error.isMissingInput ? .noInput : .badSpecification
    case let error as ModelFileError:
      switch error.kind {
      case .missing, .unreadable: self = .noInput
      case .malformed, .unsupported, .mismatch: self = .badData
      case .cannotWrite: self = .cannotWrite
      }
    case let error as CaseError:
      self = error.kind == .missing ? .noInput : .badData
    case let error as RunError:
      switch error {
      case .notARun, .unknownTrial: self = .noInput
      case .store, .damaged, .newerSchema, .textChanged, .cannotMerge: self = .badData
      case .specificationChanged, .tooLarge: self = .badSpecification
      case .cannotWrite, .cannotCopy, .diskFull: self = .cannotWrite
      case .inUse, .changing, .notMerged: self = .unfinished
      }
    case is DiagnosisError:
      self = .badData
    case is SlurmError:
      self = .unavailable
    case let error as FigureError:
      switch error {
      case .gnuplotMissing, .notStarted, .tooSlow, .scriptFailed, .emptyImage: self = .unavailable
      case .cannotWrite: self = .cannotWrite
      }
    default:
      self = .badData
    }
  }
}
