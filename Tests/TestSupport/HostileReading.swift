import AllocationCounter
import Foundation

/// The readers of what other programs and people write.
public enum HostileReader: String, CaseIterable, Sendable {
  case specification, safetensors, npy, npz, trainedModel, referenceCase, store

  /// The damaged inputs that a run of the tests reads with this reader: `GRADFLOW_MUTATIONS`, or what together takes
  /// some seconds: more than 100,000 over all readers.
  public var mutations: Int {
    if let text = ProcessInfo.processInfo.environment[Self.variable], let count = Int(text) { return count }
    switch self {
    case .specification: return 20_000
    case .safetensors: return 40_000
    case .npy: return 50_000
    case .npz: return 30_000
    case .trainedModel: return 6_000
    case .referenceCase: return 12_000
    case .store: return 2_000
    }
  }

  static let variable = "GRADFLOW_MUTATIONS"

  /// The parts that a reader's inputs are divided into, which run side by side.
  public static let parts = 0..<4
}

extension HostileReader {
  /// The most memory that reading `size` bytes may take: for the largest block, and for all that is held at a time.
  ///
  /// Proportional to what is there, whatever it claims. A JSON decoder makes up to 25 bytes of a byte. The YAML parser
  /// makes a node of some 100 bytes of two characters; and `{from: 1, to: 2, count: 100000}` is 100,000 values of an
  /// axis, of which there are nine. SQLite keeps a list of the pages of a row, twice as long as its claimed size of at
  /// most 2³² bytes asks for: 8 bytes for each 4,092.
  public func limits(forBytes size: Int) -> (block: Int, peak: Int) {
    switch self {
    case .specification: ((16 << 20) + 48 * size, (64 << 20) + 128 * size)
    case .store: ((9 << 20) + 16 * size, (13 << 20) + 32 * size)
    default: ((1 << 20) + 16 * size, (4 << 20) + 32 * size)
    }
  }
}

/// What reading one input took.
public struct ReadingCost: Sendable {
  public let time: Duration
  /// The largest block that was asked for, in bytes.
  public let block: Int
  /// The most bytes that were held at a time.
  public let peak: Int
  /// What was thrown.
  public let error: (any Error)?

  /// Reads, on this thread.
  public init(of read: () throws -> Void) {
    var caught: (any Error)?
    allocation_sizes_reset()
    time = ContinuousClock().measure {
      do { try read() } catch { caught = error }
    }
    (block, peak, error) = (allocation_largest(), allocation_peak(), caught)
  }

  /// What of it is beyond bounds for an input of `size` bytes; nil if nothing is.
  public func excess(forBytes size: Int, of reader: HostileReader) -> String? {
    let limits = reader.limits(forBytes: size)
    if time > .seconds(5) { return "\(size) bytes took \(time)" }
    guard block > limits.block || peak > limits.peak else { return nil }
    return "\(size) bytes took a block of \(block) bytes, \(peak) at a time"
  }
}

/// Damaged inputs, each of which must be read or refused with a message, in bounded time and memory.
public struct HostileReading {
  /// What the inputs of one part came to.
  public struct Tally: Sendable, CustomStringConvertible {
    public var read = 0
    public var refused = 0
    /// What was not as it should be, at most ten.
    public var failures: [String] = []
    var total = Duration.zero
    /// The most that one input took.
    var slowest = Duration.zero
    var block = 0
    var peak = 0

    public var description: String {
      "\(read) read, \(refused) refused in \(total), slowest \(slowest); largest block \(block) bytes, \(peak) at a time"
    }
  }

  private let reader: HostileReader
  private var generator: SeededGenerator
  private let count: Int

  /// One of the parts of a reader's inputs.
  public init(_ reader: HostileReader, part: Int) {
    self.reader = reader
    generator = SeededGenerator(seed: UInt64(part))
    count = reader.mutations / HostileReader.parts.count
  }

  /// Makes inputs, reads them, and checks what comes of it.
  ///
  /// - Parameters:
  ///   - make: a damaged input.
  ///   - size: its bytes.
  ///   - read: reads it.
  ///   - complaint: what an error lacks; nil if it is a good one.
  public mutating func tally<Input>(
    make: (inout SeededGenerator) -> Input, size: (Input) -> Int, read: (Input) throws -> Void,
    complaint: (any Error) -> String?
  ) -> Tally {
    var tally = Tally()
    for round in 0..<count {
      let input = make(&generator)
      let cost = ReadingCost { try read(input) }
      tally.total += cost.time
      tally.slowest = max(tally.slowest, cost.time)
      tally.block = max(tally.block, cost.block)
      tally.peak = max(tally.peak, cost.peak)
      if cost.error == nil { tally.read += 1 } else { tally.refused += 1 }
      // The testing library remembers every error that is thrown, and now and then enlarges what it keeps them in.
      let excess = cost.excess(forBytes: size(input), of: reader).flatMap { _ in
        ReadingCost { try read(input) }.excess(forBytes: size(input), of: reader)
      }
      let faults = [cost.error.flatMap { error in complaint(error).map { "\($0): \(error)" } }, excess]
        .compactMap(\.self)
      if !faults.isEmpty, tally.failures.count < 10 {
        tally.failures.append("\(reader) \(round): \(faults.joined(separator: "; ")): \(input)")
      }
    }
    if ProcessInfo.processInfo.environment[HostileReader.variable] != nil { print("\(reader): \(tally)") }
    return tally
  }

  /// What is wrong with a message; nil if it is one line of moderate length.
  public static func complaint(aboutMessage message: String) -> String? {
    if message.isEmpty { return "no message" }
    if message.unicodeScalars.contains(where: Self.breaksLines) { return "more than one line" }
    return message.count < 1_000 ? nil : "\(message.count) characters"
  }

  /// Line and paragraph ends, and what else moves the cursor or paints a terminal.
  private static func breaksLines(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: return true
    default: return false
    }
  }
}
