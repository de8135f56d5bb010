import ArgumentParser
import Experiments
import Figures
import Foundation
import GradientFlow

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Show what this machine provides: kernels, BLAS, gnuplot and its image formats.",
    discussion: "  gradflow doctor")

  func run() async throws {
    try await ExitStatus.reporting {
      BLASEnvironment.useOneThread()
      Terminal.data("gradflow  \(Provenance.version)\n")
      Terminal.data("kernels   \(KernelSelection.current)\n")
      Terminal.data("BLAS      \(BLASEnvironment.configuration), core \(BLASEnvironment.core)\n")
      Terminal.data("cores     \(ProcessInfo.processInfo.activeProcessorCount)\n")
      let gnuplot = GnuplotProcess()
      let found = try await gnuplot.inspect()
      Terminal.data("gnuplot   \(found.version)\n")
      for (format, isThere) in found.formats {
        Terminal.data("  \(format.rawValue)     \(isThere ? "yes" : "no: apt-get install gnuplot-nox")\n")
      }
      if found.formats.contains(where: { !$0.isThere }) { throw ExitStatus.unavailable.code }
    }
  }
}
