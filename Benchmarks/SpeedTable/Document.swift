import Foundation

/// The processor's own name and the number of cores.
func machineName() -> String {
  let cores = ProcessInfo.processInfo.activeProcessorCount
  let lines = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
  func field(_ name: String) -> String? {
    lines.split(separator: "\n").first { $0.hasPrefix(name) }
      .flatMap { $0.split(separator: ":").last }
      .map { $0.trimmingCharacters(in: .whitespaces) }
  }
  let model = field("model name") ?? "unknown processor"
  let family = field("cpu family").map { ", family \($0)" } ?? ""
  let number = field("model\t").map { ", model \($0)" } ?? ""
  return "\(model)\(family)\(number), \(cores) cores"
}

extension String {
  /// Puts this text between the lines `<!-- NAME -->` and `<!-- end -->` of a file.
  func replaceMarked(_ name: String, in file: String) throws {
    let text = try String(contentsOfFile: file, encoding: .utf8)
    guard let start = text.range(of: "<!-- \(name) -->\n"),
      let end = text.range(of: "<!-- end -->", range: start.upperBound..<text.endIndex)
    else {
      throw CocoaError(
        .fileReadCorruptFile,
        userInfo: [NSFilePathErrorKey: "\(file): the lines <!-- \(name) --> and <!-- end --> are missing"]
      )
    }
    try text.replacingCharacters(in: start.upperBound..<end.lowerBound, with: "\n\(self)\n")
      .write(toFile: file, atomically: true, encoding: .utf8)
  }
}
