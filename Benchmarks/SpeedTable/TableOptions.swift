import ArgumentParser
import Foundation
import GradientFlow

/// What every table is made with.
struct TableOptions: ParsableArguments {
  @Option(help: "Directory of the peers' scripts; without it, ours alone is timed.")
  var peers: String?
  @Option(help: "The Python that has their libraries.")
  var python = "python3"
  @Option(help: "Only rows whose name starts so, such as 'lstm 64'.")
  var rows: String?
  @Flag(help: "Fewer and shorter rounds.")
  var quick = false
  @Option(help: "Also put the table between its markers in this Markdown file.")
  var into: String?

  /// Rounds in which all take turns, and seconds of each in one of them.
  var effort: (rounds: Int, seconds: Double) { quick ? (3, 0.05) : (7, 0.25) }

  /// Those of some peers whose libraries are there.
  func started(_ kinds: [Peer.Kind]) -> [Peer] {
    guard let peers else { return [] }
    return kinds.compactMap { Peer($0, directory: peers, python: python) }
  }

  /// Whether a row is asked for.
  func includes(_ name: String) -> Bool { name.hasPrefix(rows ?? "") }

  /// What a table stands under: the machine, what our products run on, and the peers' versions.
  func heading(_ peers: [Peer]) -> String {
    let versions = Set(peers.map(\.version)).sorted()
    return "\(machineName()); \(KernelSelection.current), OpenBLAS core \(BLASEnvironment.core)."
      + (versions.isEmpty ? " No peers on this machine." : " Peers: \(versions.joined(separator: ", ")).")
  }

  /// Prints a text, and puts it into the file.
  ///
  /// - Parameter name: that of its marker, as `speed table`.
  func show(_ text: String, marked name: String) throws {
    print(text, terminator: "")
    if let into { try text.replaceMarked(name, in: into) }
  }
}
