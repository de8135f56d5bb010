import Foundation
import GradientFlow

/// The files that this program writes, each told by what it begins with, whatever version wrote it.
package enum OwnFile {
  case lock, progress, manifest, store, trialTable, slurmScript
  case diagnosisSummary, diagnosisTimesteps, measurementTable, tokenTable, updateTable, tensors
  case baselineTable, unitTable, associationTable, closingTable
  case figureScript

  /// Whether a file of this kind is at the path; false where there is none.
  package func isAt(_ path: String) -> Bool {
    guard let data = RegularFile.beginning(of: path, limit: 1 << 16) else { return false }
    let text = String(decoding: data, as: UTF8.self)
    switch self {
    case .lock: return (try? JSONDecoder().decode(LockHolder.self, from: data)) != nil
    case .progress: return text.hasPrefix("{") && text.contains("\"state\"") && text.contains("\"progress\"")
    case .manifest: return text.hasPrefix("{") && text.contains("\"gradflow_version\"")
    case .store: return data.starts(with: "SQLite format 3\0".utf8) && text.contains("CREATE TABLE trials")
    case .trialTable: return ["cell", "task", "length"].contains { text.hasPrefix("trial,\($0),") }
    case .slurmScript: return text.hasPrefix("#!/bin/bash") && text.contains("gradflow slurm")
    case .diagnosisSummary: return text.hasPrefix("{") && text.contains("\"log10_global_grad_norm\"")
    case .diagnosisTimesteps: return text.hasPrefix("trial,cell,")
    case .measurementTable: return text.hasPrefix("layer,direction,")
    case .updateTable: return text.hasPrefix("update,module,")
    case .baselineTable: return text.hasPrefix("model,context,")
    case .unitTable: return text.hasPrefix("layer,quantity,unit,best_feature,")
    case .associationTable: return text.hasPrefix("layer,quantity,unit,feature,")
    case .closingTable: return text.hasPrefix("mark,least_distance,")
    case .tokenTable: return text.hasPrefix("token,count,")
    case .tensors:
      return text.dropFirst(8).contains("\"gradientflow-gradients\"") || text.contains("\"batch_element\"")
    case .figureScript: return text.contains(" beside this script. To draw it again, from any directory:")
    }
  }

  /// Whether something is at the path that is not of this kind.
  package func isMissing(at path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && !isAt(path)
  }
}
