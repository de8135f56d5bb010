import Foundation

/// Calls of the system that fail in a program under test.
public struct FaultShim: Sendable {
  /// The calls that may fail, in the order of `enum call` in `Tests/Faults/fault_shim.c`.
  public enum Call: Int, CaseIterable, Sendable {
    case open, close, read, pread, write, pwrite, fsync, ftruncate, rename, mkdir, unlink, link, flock,
      opendir

    /// What each may fail with; 0: it does a part only of what is asked for.
    public var errors: [Int32] {
      switch self {
      case .open: return [EIO, ENOSPC, EMFILE, EINTR]
      case .write, .pwrite: return [EIO, ENOSPC, EDQUOT, EFBIG, EINTR, 0]
      case .read, .pread: return [EIO, EINTR, 0]
      case .mkdir, .rename, .link, .ftruncate, .fsync: return [EIO, ENOSPC, EINTR]
      case .close, .unlink: return [EIO, EINTR]
      case .flock: return [ENOLCK, EINTR]
      case .opendir: return [EMFILE, EINTR]
      }
    }
  }

  /// One call that fails, or one and all after it.
  public struct Fault: Hashable, Sendable, CustomStringConvertible {
    public let program: String
    public let call: Call
    /// The how-manieth call, from 1.
    public let place: Int
    /// Its error number; 0: a part only.
    public let error: Int32
    /// How many fail from there on; 0: all.
    public let times: Int

    public init(program: String = "gradflow", call: Call, place: Int, error: Int32, times: Int = 1) {
      self.program = program
      self.call = call
      self.place = place
      self.error = error
      self.times = times
    }

    public var description: String {
      let what = error == 0 ? "does a part only" : "fails with \(String(cString: strerror(error)))"
      return "\(call) \(place) of \(program) \(what)\(times == 0 ? ", and so do all after it" : "")"
    }
  }

  /// How often each call was made, and how many failed.
  public struct Counts: Sendable {
    public let made: [Call: Int]
    public let failed: Int
  }

  private let library: Preload

  /// nil where there is no C compiler, or no preloading.
  public static let shared: FaultShim? = Preload("fault_shim").map(FaultShim.init)

  private init(_ library: Preload) { self.library = library }

  /// The environment of a program in which a fault happens to files of a folder; without one, calls are counted only.
  ///
  /// - Parameter program: whose calls are counted where there is no fault.
  public func environment(
    _ fault: Fault?, program: String = "gradflow", folder: TemporaryDirectory, counters: String
  ) -> [String: String?] {
    // Zeros: a number for each call, and one for those that failed.
    let zeros = Data(count: 8 * (Call.allCases.count + 1))
    _ = FileManager.default.createFile(atPath: counters, contents: zeros)
    return [
      "LD_PRELOAD": library.path, "FAULTS_COUNTERS": counters, "FAULTS_PROGRAM": fault?.program ?? program,
      "FAULTS_UNDER": folder.path, "FAULTS_CALL": "\(fault?.call.rawValue ?? 0)",
      "FAULTS_AT": "\(fault?.place ?? 0)", "FAULTS_ERROR": "\(fault?.error ?? 0)",
      "FAULTS_TIMES": "\(fault?.times ?? 1)", "TMPDIR": folder.file("tmp"),
    ]
  }

  /// What a file of counters says.
  public func counts(_ counters: String) -> Counts {
    let data = FileManager.default.contents(atPath: counters) ?? Data()
    let numbers = data.withUnsafeBytes { Array($0.bindMemory(to: UInt64.self)).map(Int.init) }
    return Counts(
      made: Dictionary(uniqueKeysWithValues: Call.allCases.map { ($0, numbers[$0.rawValue]) }),
      failed: numbers[Call.allCases.count])
  }

  /// Different faults among the calls that were counted: each kind of call as often as another.
  public func faults(
    _ count: Int, in program: String, among counts: Counts, _ generator: inout SeededGenerator
  ) -> [Fault] {
    let calls = Call.allCases.filter { counts.made[$0, default: 0] > 0 }
    var faults: Set<Fault> = []
    guard !calls.isEmpty else { return [] }
    // Of a command with few calls there may be fewer.
    for _ in 0..<20 * count where faults.count < count {
      let call = generator.one(of: calls)
      let error = generator.one(of: call.errors)
      let lasts = error != 0 && error != EINTR && generator.chance(oneIn: 2)
      faults.insert(
        Fault(
          program: program, call: call, place: generator.number(1...counts.made[call, default: 1]),
          error: error, times: lasts ? 0 : 1))
    }
    return faults.sorted { ($0.call.rawValue, $0.place, $0.error) < ($1.call.rawValue, $1.place, $1.error) }
  }
}
