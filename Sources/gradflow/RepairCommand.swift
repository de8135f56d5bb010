import ArgumentParser
import Experiments

struct RepairCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair",
    abstract: "Save every whole trial of a damaged run.",
    discussion: """
      For a store that a failing disk or an interrupted copy has damaged, its header and its tables too. Trials whose \
      checksum is right go into a new store; the damaged one stays beside it as trials.sqlite.damaged. The sweep then runs the rest again.

        gradflow repair runs/decay
      """)

  @Argument(help: "A run directory.", completion: .directory)
  var run: String

  @Flag(help: "Give up what the disk does not let read, which is an error otherwise.")
  var skipUnreadable = false

  func run() async throws {
    try await ExitStatus.reporting {
      let repair = try StoreRepair(directory: self.run, skipsUnreadable: skipUnreadable)
      Terminal.say(
        "\(repair.saved) of \(repair.total) trials saved; the damaged store is \(repair.damagedStore)")
      if repair.unreadable > 0 {
        Terminal.say("\(repair.unreadable) bytes of it could not be read: the disk is failing")
      }
      Terminal.say("Next: \(RunDirectory(self.run).sweepCommand)")
    }
  }
}
