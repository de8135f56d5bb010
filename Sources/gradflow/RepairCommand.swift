import ArgumentParser
import Experiments

struct RepairCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair",
    abstract: "Recover every intact trial of a damaged run.",
    discussion: """
      Use this for a store damaged by a failing disk or an interrupted copy, even in its header or tables. Trials with \
      a correct checksum go into a new store; the damaged one stays beside it as trials.sqlite.damaged. The sweep then \
      runs the others again.

        gradflow repair runs/decay
      """)

  @OptionGroup var target: RunTarget

  @Flag(help: "Skip what cannot be read from the disk, instead of failing.")
  var skipUnreadable = false

  func run() async throws {
    try await ExitStatus.reporting {
      let repair = try StoreRepair(directory: target.run, skipsUnreadable: skipUnreadable)
      Terminal.say(
        "\(repair.saved) of \(repair.total) trials saved; the damaged store is \(repair.damagedStore)")
      if repair.unreadable > 0 {
        Terminal.say("\(repair.unreadable) bytes of it could not be read: the disk may be failing")
      }
      Terminal.say("Next: \(RunDirectory(target.run).sweepCommand)")
    }
  }
}
