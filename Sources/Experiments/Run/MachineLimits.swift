import Foundation

/// The machine's limits, for refusing what cannot fit.
enum MachineLimits {
  /// Bytes of memory available to new work: what the kernel reports, else all physical memory.
  static var availableMemory: Double {
    if let text = try? String(contentsOfFile: "/proc/meminfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: { $0.hasPrefix("MemAvailable:") }),
      let kilobytes = Double(line.split(separator: " ").dropFirst().first ?? "")
    {
      return kilobytes * 1024
    }
    return Double(ProcessInfo.processInfo.physicalMemory)
  }

  /// Refuses what would take more than nine tenths of the memory there is.
  static func checkMemory(
    _ bytes: Double, of what: String, advice: String = "make it smaller"
  ) throws(RunError) {
    let available = availableMemory
    guard bytes <= 0.9 * available else {
      throw .tooLarge(
        what: what, needed: text(bytes), available: text(available) + " of memory",
        advice: advice)
    }
  }

  /// Bytes free on the file system of a path, or of the nearest directory above it that exists.
  static func availableDisk(_ path: String) -> Double? {
    var current = (path as NSString).standardizingPath
    while !FileManager.default.fileExists(atPath: current.isEmpty ? "." : current) {
      let parent = (current as NSString).deletingLastPathComponent
      if parent == current { return nil }
      current = parent
    }
    let attributes = try? FileManager.default.attributesOfFileSystem(
      forPath: current.isEmpty ? "." : current)
    // A pseudo file system has no size; what it refuses to take is told when it is written to.
    guard let size = (attributes?[.systemSize] as? NSNumber)?.doubleValue, size > 0 else { return nil }
    return (attributes?[.systemFreeSize] as? NSNumber)?.doubleValue
  }

  /// "3.2 GB".
  static func text(_ bytes: Double) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB", "PB", "EB"]
    var value = bytes
    var unit = 0
    while value >= 1000, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return unit == 0 ? "\(Int(value)) bytes" : String(format: "%.1f %@", value, units[unit] as NSString)
  }
}
