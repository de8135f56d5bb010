import Foundation
import TestSupport
import Testing

/// What the system does not give: threads, descriptors, address space, stacks, files of its own.
@Suite("Limits of the system") struct SystemLimitsTests: SweepSuite {
  let program: BuiltProgram
  let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  private static let lines = "hidden_size: 6\nsequence_length: [5, 9]\nspectral_radius: [0.5, 1.5]\nseeds: 5"

  /// Runs a script with the program as `$0` and the folder, where it begins, as `$1`.
  private func run(_ script: String, through starter: [String] = []) throws -> String {
    try Shell.run("cd \"$1\"; " + script, [program.path, directory.path], through: starter).output
  }

  /// A user whose processes are counted, as those of root are not; each test has one of its own, for they run at once.
  private static func user(_ number: Int) -> [String] {
    ["/usr/bin/setpriv", "--reuid", "\(64_000 + number)", "--regid", "65534", "--clear-groups"]
  }
  private static let canChangeUser =
    (try? Shell.run("exec \"$0\" --version", [BuiltProgram().path], through: user(0)))?.status == 0

  // OpenBLAS, when it is loaded, ends a process that may have no thread beside its first.
  @Test(
    .enabled(if: canChangeUser, "needs root, and a build that others may read"), arguments: [4, 5, 7, 12])
  func aSweepRunsOnTheThreadsThereAre(most: Int) throws {
    _ = try specification(Self.lines)
    chmod(directory.path, 0o777)
    let said = try run(
      "ulimit -u \(most); timeout -s KILL 30 \"$0\" sweep s.yaml -o o --no-figures -j 64 2>&1; echo code $?",
      through: Self.user(most))
    guard !said.contains("OpenBLAS blas_thread_init") else { return }
    #expect(said.contains("code 0"), "\(said)")
    #expect(said.contains("40 trials into o") && said.contains("o/trials.csv: 40 rows"), "\(said)")
    if most < 12 { #expect(said.contains("The system gives no more threads: "), "\(said)") }
  }

  @Test(
    .enabled(if: canChangeUser, "needs root, and a build that others may read"), arguments: [SIGHUP, SIGTERM])
  func signalsAreHeardWithoutAThreadToHearThem(signal: Int32) throws {
    _ = try specification("cells: lstm\nhidden_size: 256\nbatch_size: 64\nsequence_length: 20000\nseeds: 4")
    chmod(directory.path, 0o777)
    let said = try run(
      """
      for most in 3 4; do (ulimit -u $most; exec "$0" sweep s.yaml -o o$most --no-figures > /dev/null 2>&1) & p=$!
      for k in $(seq 50); do [ -e o$most/progress.json ] && break; sleep 0.05; done
      kill -\(signal) $p; for k in $(seq 100); do kill -0 $p 2> /dev/null || break; sleep 0.1; done
      kill -KILL $p 2> /dev/null && echo "still there with $most"; wait $p 2> /dev/null; done
      echo end
      """, through: Self.user(100 + Int(signal)))
    #expect(said == "end\n", "\(said)")
  }

  @Test(arguments: [128_000, 200_000, 300_000, 400_000, 500_000, 600_000, 700_000])
  func littleAddressSpaceIsAnErrorOrEnough(kilobytes: Int) throws {
    _ = try specification(Self.lines)
    let said = try run(
      "ulimit -v \(kilobytes); timeout -s KILL 30 \"$0\" sweep s.yaml -o o --no-figures 2>&1; echo code $?")
    let isEnough = said.contains("code 0\n") && said.contains("o/trials.csv: 40 rows")
    let isRefused = said.contains("code 78\n") && said.contains(" of memory")
    let isTooLittle = said.contains("code 69\n") && said.contains("too little address space")
    // The words of the dynamic linker and of OpenBLAS, where not even the libraries fit.
    let isNotLoaded = said.contains("code 127\n") || said.contains("OpenBLAS blas_thread_init")
    #expect(isEnough || isRefused || isTooLittle || isNotLoaded, "\(said)")
  }

  @Test func fewDescriptorsAreAnErrorAndNoCrash() throws {
    _ = try specification(Self.lines)
    let said = try run(
      """
      "$0" sweep s.yaml -o run -q --no-figures > /dev/null || echo setting up failed
      for n in 7 9 11 12 13 14 15 16 18; do
        (ulimit -n $n; exec timeout -s KILL 30 "$0" plot run -q -o p$n --figure rate) > out 2>&1
        code=$?; case $code in 0|6[0-9]|7[0-9]) ;; *) echo "plot with $n: $code: $(head -c 300 out)";; esac
        [ $code = 0 ] || [ -s out ] || echo "plot with $n says nothing"
      done; echo end
      """)
    #expect(said == "end\n", "\(said)")
  }

  @Test(arguments: [256, 1024]) func smallStacksAreEnough(kilobytes: Int) throws {
    _ = try specification(Self.lines + "\ncells: [rnn, lstm, gru]")
    let said = try run(
      "ulimit -s \(kilobytes); timeout -s KILL 60 \"$0\" sweep s.yaml -o o -q --no-figures > /dev/null 2> err; "
        + "echo code $?; head -c 300 err; \"$0\" compare o --json > /dev/null 2>&1; echo compare $?")
    #expect(said == "code 0\ncompare 0\n")
  }

  private static let mounting = ["/usr/bin/unshare", "-rm"]
  private static let canMount =
    (try? Shell.run("mount -t tmpfs none /proc", through: mounting))?.status == 0

  @Test(.enabled(if: canMount, "name spaces are not allowed here"))
  func withoutProcAndDevThereAreResultsAndFigures() throws {
    _ = try specification(Self.lines)
    let said = try run(
      """
      mount -t tmpfs none /dev; mount -t tmpfs none /proc
      timeout -s KILL 60 "$0" sweep s.yaml -o o --no-figures > out 2> err; echo code $?
      timeout -s KILL 60 "$0" plot o -q --figure rate 2>&1; echo plot $?
      """, through: Self.mounting)
    #expect(said.contains("code 0\n"), "\(said)")
    // gnuplot may be missing, or need what is not there.
    #expect(said.hasSuffix("plot 0\n") || said.contains(/gradflow: .*\nplot 69\n/), "\(said)")
  }
}
