import Foundation
import GradientFlow
import TextFiles

/// What the machine has left.
package enum MachineLimits {
  /// Bytes of memory available to new work: what the kernel reports, what the control groups allow, or what is left of
  /// this process's address space, whichever is least.
  package static var availableMemory: Double {
    min(systemMemory, ControlGroupMemory.available() ?? .infinity, BLASBuffers.left ?? .infinity)
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

  /// Refuses what would take more than nine tenths of the memory there is.
  package static func checkMemory(
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
  package static func availableDisk(_ path: String) -> Double? {
    var current = path.isEmpty ? "." : path
    while !FileManager.default.fileExists(atPath: current), current != ".", current != "/" {
      current = PathName.folder(of: current)
    }
    let attributes = try? FileManager.default.attributesOfFileSystem(forPath: current)
    // A pseudo file system has no size; what it refuses to take is told when it is written to.
    guard let size = (attributes?[.systemSize] as? NSNumber)?.doubleValue, size > 0 else { return nil }
    return (attributes?[.systemFreeSize] as? NSNumber)?.doubleValue
  }
}
