import Foundation
import TestSupport
import Testing

/// Clocks that are far off, or set while a sweep runs: a library before the system's own that moves the time of day.
@Suite("Clocks") struct ClockTests: SweepSuite {
  let program: BuiltProgram
  let directory: TemporaryDirectory

  init() throws {
    program = try BuiltProgram()
    directory = try TemporaryDirectory()
  }

  private static let library = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <stdlib.h>
    #include <sys/time.h>
    #include <time.h>
    /* CLOCK_OFFSET seconds are added; with CLOCK_JUMP, only after that many seconds of running. */
    int clock_gettime(clockid_t clock, struct timespec *t) {
      static int (*real)(clockid_t, struct timespec *);
      static long first;
      if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
      int code = real(clock, t);
      if (code || clock != CLOCK_REALTIME) return code;
      if (!first) first = t->tv_sec;
      const char *offset = getenv("CLOCK_OFFSET"), *jump = getenv("CLOCK_JUMP");
      if (offset && (!jump || t->tv_sec - first >= atol(jump))) t->tv_sec += atoll(offset);
      return 0;
    }
    int gettimeofday(struct timeval *v, void *zone) {
      struct timespec t;
      clock_gettime(CLOCK_REALTIME, &t);
      v->tv_sec = t.tv_sec;
      v->tv_usec = t.tv_nsec / 1000;
      return 0;
    }
    time_t time(time_t *result) {
      struct timespec t;
      clock_gettime(CLOCK_REALTIME, &t);
      if (result) *result = t.tv_sec;
      return t.tv_sec;
    }

    """

  private static let hasCompiler = (try? Shell.run("command -v cc gcc clang | grep -q ."))?.status == 0

  private func compiled() throws -> String {
    let source = try directory.write(Self.library, to: "clock.c")
    let outcome = try Shell.run(
      "c=$(command -v cc gcc clang | head -n 1); $c -shared -fPIC -O1 -o \"$1\" \"$0\" -ldl",
      [source, directory.file("clock.so")])
    #expect(outcome.status == 0, "\(outcome.errors)")
    return directory.file("clock.so")
  }

  // 1963, 1741, the year 9980, and a year of seven digits.
  @Test(
    .enabled(if: hasCompiler, "there is no C compiler"),
    arguments: ["-2000000000", "-9000000000", "251000000000", "100000000000000"])
  func anAbsurdDateChangesNoResult(offset: String) throws {
    let environment = ["LD_PRELOAD": try compiled(), "CLOCK_OFFSET": offset]
    let path = try specification("hidden_size: 4\nsequence_length: 5\nseeds: 3")
    #expect(try program.run(command(path, into: "now")).status == 0)
    let outcome = try program.run(command(path, into: "then"), environment: environment)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try isSame("now", "then"))
    let status = try program.run(["status", directory.file("then")], environment: environment)
    #expect(status.status == 0 && status.output.contains("6 of 6 trials done"), "\(status.errors)")
    #expect(try program.run(["status", directory.file("then")]).status == 0)
  }

  @Test(.enabled(if: hasCompiler, "there is no C compiler"), arguments: ["-100000000", "100000000"])
  func aClockThatIsSetMeanwhileHoldsNothingUp(offset: String) throws {
    let path = try specification(
      "cells: lstm\nhidden_size: 96\nbatch_size: 8\nsequence_length: 1500\nseeds: 100")
    let running = try program.start(
      command(path, ["--jobs", "1"]),
      environment: ["LD_PRELOAD": try compiled(), "CLOCK_OFFSET": offset, "CLOCK_JUMP": "1"])
    // What the sweep says of itself goes on after the jump.
    var times: Set<String> = []
    let goesOn = running.waits {
      let text = (try? directory.read("run/progress.json")) ?? ""
      if let time = text.firstMatch(of: /"updated_at" : "([^"]*)"/) { times.insert(String(time.1)) }
      return times.count >= 2
    }
    #expect(goesOn, "\(times)")
    running.send(SIGINT)
    let start = ContinuousClock.now
    #expect(try running.wait().status == 130)
    #expect(ContinuousClock.now - start < .seconds(10))
  }
}
