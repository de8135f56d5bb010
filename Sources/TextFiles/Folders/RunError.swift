import Foundation
import GradientFlow

/// Why a run cannot be started, continued or read.
public enum RunError: Error, Sendable, CustomStringConvertible {
  /// The directory is not a run.
  case notARun(path: String, problem: String)
  /// The specification differs from the run's in more than added values.
  case specificationChanged(path: String, differences: [String])
  /// The store cannot be opened, read or written.
  case store(path: String, problem: String)
  /// The store's bytes are not what was written.
  case damaged(path: String, problem: String)
  /// A copy for reading cannot be made.
  case cannotCopy(path: String, folder: String, problem: String)
  /// The store changes faster than it can be copied.
  case changing(path: String)
  /// The store was written by a newer version.
  case newerSchema(path: String, found: Int, supported: Int)
  /// Another process writes into the run.
  case inUse(path: String, holder: String)
  /// Memory would not suffice.
  case tooLarge(what: String, needed: String, available: String, advice: String)
  /// The disk would not suffice.
  case diskTooSmall(what: String, needed: String, available: String, advice: String)
  /// A file or directory cannot be written.
  case cannotWrite(path: String, problem: String)
  /// A folder with files in it that this program has not made.
  case foreignFolder(path: String, purpose: String, found: String)
  /// A file that this program would write, and has not written.
  case foreignFile(path: String)
  /// The directory is that of a shard, and the whole run's is wanted.
  case isShard(path: String, shard: Shard, run: String)
  /// The system refused to write: a failing disk, too many open files. Nothing is wrong with the run.
  case writingRefused(path: String, SystemFailure)
  /// The disk does not give all bytes of a store that is to be repaired.
  case unreadable(path: String, bytes: Int)
  /// The system refused to read.
  case readingRefused(path: String, SystemFailure)
  /// No space was left in the middle of the work.
  case diskFull(path: String)
  /// A trial's text is gone or has changed.
  case textChanged(path: String, problem: String)
  /// Results in shards that a run does not have yet.
  case notMerged(path: String, trials: Int)
  /// Results that cannot be merged: of another specification, or two different ones of one trial.
  case cannotMerge(path: String, problem: String)
  /// No trial has this id, or more than one begins with it.
  case unknownTrial(id: String, path: String, problem: String)

  public var description: String {
    switch self {
    case .notARun(let path, let problem):
      "\(path): not a run directory: \(problem); pass the directory that 'gradflow sweep' wrote"
    case .specificationChanged(let path, let differences):
      "\(path) holds a run of another specification:\n"
        + differences.map { "  \($0)\n" }.joined()
        + "A run can only be extended by axis values and seeds; choose another directory with -o."
    case .store(let path, let problem):
      "\(path): \(problem)"
    case .damaged(let path, let problem):
      "\(path): damaged: \(problem); 'gradflow repair \(CommandText.path(Self.run(ofStore: path)))' saves every "
        + "intact trial; the sweep then runs the others again"
    case .cannotCopy(let path, let folder, let problem):
      "\(path): cannot be copied to \(folder) for reading: \(problem); set TMPDIR to a folder with enough space"
    case .changing(let path):
      "\(path): changes faster than it can be copied; try again in a moment"
    case .newerSchema(let path, let found, let supported):
      "\(path): written with schema version \(found), but this program reads only up to \(supported); "
        + "use a newer gradflow; if no newer one wrote it, it is damaged: "
        + "'gradflow repair \(CommandText.quoted(Self.run(ofStore: path)))'"
    case .inUse(let path, let holder):
      "\(path): in use by \(holder); wait until it ends, or stop it; only one process can write to a run"
    case .tooLarge(let what, let needed, let available, let advice),
      .diskTooSmall(let what, let needed, let available, let advice):
      "\(what): about \(needed) needed, but only \(available) available; \(advice)"
    case .cannotWrite(let path, let problem):
      "\(path): cannot write: \(problem); choose another directory with -o"
    case .foreignFolder(let path, let purpose, let found):
      "\(path): not empty, and not a \(purpose) made by gradflow (it contains '\(found)'); nothing was "
        + "written: choose a new or an empty directory with -o"
    case .foreignFile(let path):
      "\(path): not written by gradflow, which would overwrite it; nothing was written: move it away, or "
        + "choose another directory with -o"
    case .isShard(let path, let shard, let run):
      "\(path): the directory of shard \(shard), which has nothing to merge; pass the run directory: "
        + "gradflow merge \(CommandText.path(run))"
    case .writingRefused(let path, let failure):
      "\(path): cannot write: \(failure)"
    case .unreadable(let path, let bytes):
      "\(path): \(bytes) bytes cannot be read; check the disk, then run the same command to continue, or save what "
        + "can be read with 'gradflow repair \(CommandText.quoted(Self.run(ofStore: path))) --skip-unreadable'"
    case .readingRefused(let path, let failure):
      "\(path): cannot read: \(failure)"
    case .diskFull(let path):
      "\(path): the disk is full; free some space, then run the same command to continue"
    case .textChanged(let path, let problem):
      "\(path): not the text this run started with: \(problem); restore that text"
    case .notMerged(let path, let trials):
      "\(path): \(trials) trials are only in its shards; merge them first with "
        + "'gradflow merge \(CommandText.path(path))'"
    case .cannotMerge(let path, let problem):
      "\(path): cannot be merged: \(problem)"
    case .unknownTrial(let id, let path, let problem):
      "\(path): \(problem) '\(id)'; the first column of trials.csv lists the ids"
    }
  }
}

extension RunError {
  /// The run that a store is in, for commands.
  private static func run(ofStore path: String) -> String {
    path.hasSuffix("/trials.sqlite") ? String(path.dropLast(14)) : path
  }

  /// The error of a file or directory that could not be written, by the error number.
  package static func writing(_ path: String, _ code: Int32) -> RunError {
    let failure = SystemFailure(code)
    if [ENOSPC, EDQUOT].contains(code) { return .diskFull(path: path) }
    return failure.isOfEnvironment
      ? .writingRefused(path: path, failure) : .cannotWrite(path: path, problem: failure.problem)
  }

  /// Whether it tells of the machine (a full disk, too many open files) and not of the run.
  package var isOfEnvironment: Bool {
    switch self {
    case .writingRefused, .readingRefused, .diskFull, .cannotWrite, .cannotCopy: return true
    default: return false
    }
  }
}
