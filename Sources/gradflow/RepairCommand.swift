import ArgumentParser
import Experiments

struct RepairCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair",
    abstract: "Save every whole trial of a damaged run.",
    discussion: """
      For a store that a failing disk or an interrupted copy has damaged. Trials whose checksum is right go into a \
      new store; the damaged one stays beside it as trials.sqlite.damaged. The sweep then runs the rest again.

        gradflow repair runs/decay
      """)

  @Argument(help: "A run directory.", completion: .directory)
  var run: String

  func run() async throws {
    try await ExitStatus.reporting {
      let repair = try StoreRepair(directory: self.run)
      Terminal.say(
        "\(repair.saved) of \(repair.total) trials saved; the damaged store is \(repair.damagedStore)")
      Terminal.say("Next: \(RunDirectory(self.run).sweepCommand)")
    }
  }
}
