import Experiments
import Testing

@Suite("Slurm's times") struct SlurmTimeTests {
  @Test(arguments: [
    ("30", 1800), ("1:30", 90), ("2:00:00", 7200), ("1-0", 86400), ("1-12:30", 131_400),
    ("2-03:04:05", 183_845),
  ])
  func areReadInEveryForm(_ text: String, _ seconds: Int) {
    #expect(SlurmTime(text)?.seconds == seconds)
  }

  @Test(arguments: ["", "0", "-1", "1:2:3:4", "1-", "1-1:1:1:1", "ten", "1.5", "1:", "99999999", "١"])
  func anythingElseIsNone(_ text: String) { #expect(SlurmTime(text) == nil) }

  @Test func areWrittenAsSlurmWritesThem() {
    #expect(SlurmTime("90")?.description == "01:30:00")
    #expect(SlurmTime("1-12:30")?.description == "1-12:30:00")
    #expect(SlurmTime(seconds: 61).seconds == 120)
    #expect(SlurmTime(seconds: 0).seconds == 60)
  }
}

@Suite("Numbers of bytes") struct ByteCountTests {
  @Test(arguments: [
    ("4GB", 4e9), ("512 MiB", 536_870_912), ("1e9", 1e9), ("2G", 2_147_483_648), ("1.5kB", 1500), ("7", 7),
    ("3t", 3_298_534_883_328),
  ])
  func areReadWithTheirUnits(_ text: String, _ bytes: Double) {
    #expect(ByteCount(text: text)?.bytes == bytes)
  }

  @Test(arguments: ["", "GB", "-1", "0", "0.1", "nan", "inf", "1e25", "1e300TB", "4 parsecs", "1 2 GBB"])
  func anythingElseIsNone(_ text: String) { #expect(ByteCount(text: text) == nil) }

  @Test func areShownShort() {
    #expect(ByteCount(999).description == "999 bytes")
    #expect(ByteCount(3.24e9).description == "3.2 GB")
  }
}

@Suite("Commands as they are typed") struct CommandTextTests {
  @Test func wordsAreQuotedWhereAShellNeedsIt() {
    #expect(
      CommandText.of(["a-b_c/d.e", "x y", "it's", "", "$HOME", "[1,2]"])
        == "a-b_c/d.e 'x y' 'it'\\''s' '' '$HOME' '[1,2]'")
  }
}
