import Foundation

/// What the machine has left.
enum MachineLimits {
  /// Bytes of memory available to new work: what the kernel reports or the control group allows, whichever is less.
  static var availableMemory: Double {
    min(systemMemory, controlGroupMemory ?? .infinity)
  }

  private static var systemMemory: Double {
    if let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
      let kilobytes = Double(line.split(separator: " ").dropFirst().first ?? "")
    {
      return kilobytes * 1024
    }
    return Double(ProcessInfo.processInfo.physicalMemory)
  }

  /// What containers and batch systems allow: the least over the process's group and those above it; nil without a
  /// limit.
  private static var controlGroupMemory: Double? {
    guard let groups = try? String(contentsOfFile: "/proc/self/cgroup", encoding: .utf8) else { return nil }
    var least: Double?
    for line in groups.split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let isUnified = parts[1].isEmpty
      guard isUnified || parts[1].split(separator: ",").contains("memory") else { continue }
      let root = isUnified ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory"
      let (limit, usage) =
        isUnified
        ? ("memory.max", "memory.current") : ("memory.limit_in_bytes", "memory.usage_in_bytes")
      var group = String(parts[2])
      while true {
        let folder = root + (group == "/" ? "" : group)
        if let allowed = number(folder + "/" + limit), let used = number(folder + "/" + usage) {
          least = min(least ?? .infinity, max(0, allowed - used))
        }
        if group == "/" || group.isEmpty { break }
        group = parent(of: group)
      }
    }
    return least
  }

  /// A path without its last component; `.` for a name alone. (Foundation's own ends the program for a name of one
  /// letter.)
  private static func parent(of path: String) -> String {
    let trimmed = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    guard let slash = trimmed.lastIndex(of: "/") else { return "." }
    return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
  }

  private static func number(_ file: String) -> Double? {
    (try? String(contentsOfFile: file, encoding: .utf8)).flatMap {
      Double($0.trimmingCharacters(in: .whitespacesAndNewlines))
    }
  }

  /// Refuses what would take more than nine tenths of the memory there is.
  static func checkMemory(
    _ bytes: Double, of what: String, advice: String = "make it smaller"
  ) throws(RunError) {
    let available = availableMemory
    guard bytes <= 0.9 * available else {
      throw .tooLarge(
        what: what, needed: ByteCount(bytes).description,
        available: ByteCount(available).description + " of memory", advice: advice)
    }
  }

  /// Bytes free on the file system of a path, or of the nearest directory above it that exists.
  static func availableDisk(_ path: String) -> Double? {
    var current = path.isEmpty ? "." : path
    while !FileManager.default.fileExists(atPath: current), current != ".", current != "/" {
      current = parent(of: current)
    }
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: current)
    // A pseudo file system has no size; what it refuses to take is told when it is written to.
    guard let size = (attributes?[.systemSize] as? NSNumber)?.doubleValue, size > 0 else { return nil }
    return (attributes?[.systemFreeSize] as? NSNumber)?.doubleValue
  }
}
