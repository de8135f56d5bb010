import Foundation
import TestSupport
import Testing

/// gnuplot ends well where the disk is full, and its image is cut off.
@Suite("Figures on a full disk") struct FullDiskFigureTests: SweepSuite {
  let program: BuiltProgram
  let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  /// Starts a shell that may mount file systems, in a name space of its own.
  private static let mounting = ["/usr/bin/unshare", "-rm"]

  private static let canMount =
    (try? Shell.run("command -v gnuplot && mount -t tmpfs -o size=1m none /mnt", through: mounting))?.status
    == 0

  @Test(.enabled(if: canMount, "name spaces are not allowed here, or gnuplot is missing"))
  func theOldImagesStayAndTheExitCodeIs73() throws {
    let path = try specification(
      "cells: [rnn, lstm]\nhidden_size: 4\nsequence_length: 9\nspectral_radius: [0.5, 1, 1.5]\nseeds: 3")
    #expect(try program.run(command(path)).status == 0)
    #expect(mkdir(directory.file("disk"), 0o700) == 0)
    // With room for data and script, and for a part of the image.
    let script = """
      cd "$1"; mount -t tmpfs -o size=4m none disk
      plot() { "$0" plot run -o disk/figures --figure rate --format "$1" -q 2>> said.txt; echo "$1 $?" >> said.txt; }
      for format in svg png pdf; do plot $format; done
      cp -r disk/figures good
      for room in 8 16 24 32; do
        head -c 10m /dev/zero > disk/ballast 2> /dev/null; truncate -s -${room}K disk/ballast
        for format in svg png pdf; do plot $format; done
        rm disk/ballast
      done
      for format in svg png; do cmp disk/figures/rate.$format good/rate.$format || echo differs >> said.txt; done
      tail -c 6 disk/figures/rate.pdf >> said.txt
      ls -A disk/figures > files.txt
      """
    #expect(try Shell.run(script, [program.path, directory.path], through: Self.mounting).status == 0)
    let said = try directory.read("said.txt")
    #expect(said.components(separatedBy: "svg 0\n").count >= 2, "\(said)")
    #expect(said.contains("png 73\n") && said.contains("svg 73\n"), "\(said)")
    #expect(said.contains("No space left on device"))
    #expect(!said.contains(" 69\n") && !said.contains("differs") && said.hasSuffix("%%EOF\n"), "\(said)")
    #expect(try directory.read("files.txt") == "rate.csv\nrate.gp\nrate.pdf\nrate.png\nrate.svg\n")
  }
}
