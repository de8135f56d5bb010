/// Commands as they are typed into a shell.
public enum CommandText {
  /// The words of a command, each quoted where a POSIX shell needs it.
  public static func of(_ words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
  }

  /// A path as an argument: one that begins with a dash would be taken for an option.
  public static func path(_ path: String) -> String { quoted(path.hasPrefix("-") ? "./" + path : path) }

  /// A word in quotes if it has any character that a shell might read.
  public static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"):
          return true
        default: return "-_./=:,+@%".utf8.contains(byte)
        }
      }
    return isPlain
      ? word
      : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
