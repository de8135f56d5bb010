import Foundation
import GradientFlow

/// What containers and batch systems allow: control groups of version 1 and 2.
public enum ControlGroupMemory {
  /// Bytes left to this process: the least over its group and those above it; nil without a limit.
  ///
  /// Files that the kernel keeps in memory count into a group's usage, and are given up when memory is wanted: they are
  /// no more in the way than a free page.
  ///
  /// - Parameters:
  ///   - groups: which groups the process is in.
  ///   - root: where control groups are mounted.
  public static func available(
    groups: String = "/proc/self/cgroup", root: String = "/sys/fs/cgroup"
  ) -> Double? {
    guard let groups = try? String(contentsOfFile: groups, encoding: .utf8) else { return nil }
    var least: Double?
    for line in groups.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let isUnified = parts[1].isEmpty
      guard isUnified || parts[1].split(separator: ",").contains("memory") else { continue }
      let version = isUnified ? Version.second : .first
      let top = root + version.folder
      var group = String(parts[2])
      while true {
        if let left = version.left(in: top + (group == "/" ? "" : group)) {
          least = min(least ?? .infinity, left)
        }
        if group == "/" || group.isEmpty || group == "." { break }
        group = PathName.folder(of: group)
      }
    }
    return least
  }

  private enum Version {
    case first, second

    var folder: String { self == .first ? "/memory" : "" }

    /// What a group may take beside what it has taken; nil without a limit.
    func left(in folder: String) -> Double? {
      let (limit, usage) =
        self == .first
        ? ("memory.limit_in_bytes", "memory.usage_in_bytes") : ("memory.max", "memory.current")
      guard let allowed = number(folder + "/" + limit), let used = number(folder + "/" + usage) else {
        return nil
      }
      return max(0, allowed - max(0, used - cache(in: folder)))
    }

    /// Files in memory, with those that are used at the moment; what is on its way to a disk or lies in a file system
    /// without one cannot be given up.
    private func cache(in folder: String) -> Double {
      guard let text = try? String(contentsOfFile: folder + "/memory.stat", encoding: .utf8) else { return 0 }
      var numbers: [Substring: Double] = [:]
      for line in text.split(separator: "\n") {
        let words = line.split(separator: " ")
        if words.count == 2 { numbers[words[0]] = Double(words[1]) }
      }
      let prefix = self == .first ? "total_" : ""
      let files: Double
      if let active = numbers[Substring(prefix + "active_file")],
        let inactive = numbers[Substring(prefix + "inactive_file")]
      {
        files = active + inactive
      } else {
        let (cache, shared) = self == .first ? ("total_cache", "total_shmem") : ("file", "shmem")
        files = max(0, (numbers[Substring(cache)] ?? 0) - (numbers[Substring(shared)] ?? 0))
      }
      let waiting = ["dirty", "writeback"].reduce(0.0) {
        $0 + (numbers[Substring((self == .first ? "total_" : "file_") + $1)] ?? 0)
      }
      return max(0, files - waiting)
    }

    private func number(_ file: String) -> Double? {
      (try? String(contentsOfFile: file, encoding: .utf8)).flatMap {
        Double($0.trimmingCharacters(in: .whitespacesAndNewlines))
      }
    }
  }
}
