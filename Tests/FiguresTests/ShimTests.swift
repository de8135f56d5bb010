import CGnuplotIostream
import Foundation
import Testing

@Suite struct ShimTests {
  @Test func fullDiskIsReportedAtTheLatestOnClosing() throws {
    try #require(FileManager.default.fileExists(atPath: "/dev/full"))
    var script: OpaquePointer?
    defer { gnuplot_script_free(script) }
    #expect(gnuplot_script_open("/dev/full", &script) == GNUPLOT_SCRIPT_OK)
    _ = gnuplot_script_write(script, "plot x\n", 7)
    #expect(gnuplot_script_close(script) == GNUPLOT_SCRIPT_CANNOT_WRITE)
    #expect(String(cString: gnuplot_script_error(script)).contains("No space left"))
  }

  @Test func misuseIsAStatusAndNoCrash() {
    #expect(gnuplot_script_open("a.gp", nil) == GNUPLOT_SCRIPT_MISUSE)
    #expect(gnuplot_script_write(nil, "a", 1) == GNUPLOT_SCRIPT_MISUSE)
    #expect(gnuplot_script_close(nil) == GNUPLOT_SCRIPT_MISUSE)
    var script: OpaquePointer?
    #expect(gnuplot_script_open("", &script) == GNUPLOT_SCRIPT_MISUSE)
    #expect(gnuplot_script_close(script) == GNUPLOT_SCRIPT_MISUSE)
    gnuplot_script_free(script)
    gnuplot_script_free(nil)
  }
}
