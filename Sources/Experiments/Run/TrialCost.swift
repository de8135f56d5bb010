import Foundation
import GradientFlow

/// What a trial takes, estimated before it is run.
public struct TrialCost: Sendable, Equatable {
  /// Bytes of memory at its peak.
  public let memory: Double
  /// Bytes in the store and the CSVs.
  public let disk: Double

  /// - Parameter inputSize: I, the vocabulary's size for text.
  public init(_ p: TrialParameters, inputSize: Int) {
    let element = p.precision == .float32 ? 4.0 : 8.0
    let (t, b, i, h) = (
      Double(p.sequenceLength), Double(p.batchSize), Double(inputSize), Double(p.hiddenSize)
    )
    let gates = Double(p.cell.gates.count)
    let inputs = t * b * i * element
    // h, c and up to six factors a unit; above its budget the tape keeps √T of them.
    let tape = min(t * b * h * 8 * element, Double(1 << 28) + 4 * t.squareRoot() * b * h * 8 * element)
    let weights = gates * h * (h + i) * (8 + 2 * element) + h * h * 8 * 4
    let gram = b * b * 16 + gates * h * max(h, i) * 8 + b * (gates * h + max(h, i)) * 8
    // Probes keep per-example norms of h and c and about twenty columns, copied once into the table.
    let steps = t * (2 * b + 20) * 8 * 2 * (p.clip.stepClip == .none ? 1 : 2)
    let classes = p.loss.readsText ? t * b * 8 : 0
    memory = inputs * 1.5 + tape + weights + gram + steps + classes
    disk = (t + 1) * (22 * 8 + 260) + 1000
  }
}

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
