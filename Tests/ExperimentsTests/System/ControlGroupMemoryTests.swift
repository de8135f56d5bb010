import Experiments
import Foundation
import TestSupport
import Testing

@Suite("Memory of control groups") struct ControlGroupMemoryTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  /// What is left to a process of some groups, given the files of each folder.
  private func available(_ groups: String, _ folders: [String: [String: String]]) throws -> Double? {
    for (folder, files) in folders {
      try FileManager.default.createDirectory(
        atPath: directory.file("cgroup" + folder), withIntermediateDirectories: true)
      for (name, text) in files { _ = try directory.write(text, to: "cgroup\(folder)/\(name)") }
    }
    return ControlGroupMemory.available(
      groups: try directory.write(groups, to: "groups"), root: directory.file("cgroup"))
  }

  @Test func filesInMemoryAreNoUsedMemoryInVersion1() throws {
    let left = try available(
      "4:memory:/job\n3:cpu:/\n",
      [
        "/memory/job": [
          "memory.limit_in_bytes": "2147483648\n", "memory.usage_in_bytes": "2100000000\n",
          "memory.stat": "total_cache 2080000000\n",
        ]
      ])
    #expect(left == 2_127_483_648)
  }

  @Test func filesInMemoryAreNoUsedMemoryInVersion2() throws {
    let left = try available(
      "0::/user/job\n",
      [
        "/user/job": [
          "memory.max": "1000\n", "memory.current": "900\n",
          "memory.stat": "anon 300\nfile 600\nshmem 50\nactive_file 250\ninactive_file 300\nfile_dirty 40\n",
        ]
      ])
    // 900 − 550 of files, of which 40 are on their way to the disk.
    #expect(left == 610)
  }

  @Test func filesOfAFileSystemInMemoryAreUsedMemory() throws {
    let left = try available(
      "4:memory:/\n",
      [
        "/memory": [
          "memory.limit_in_bytes": "1000", "memory.usage_in_bytes": "900",
          "memory.stat": "total_cache 800\ntotal_shmem 700\n",
        ]
      ])
    #expect(left == 200)
  }

  @Test func theTightestOfTheGroupsAboveCounts() throws {
    let left = try available(
      "0::/a/b\n",
      [
        "/a": ["memory.max": "500", "memory.current": "450"],
        "/a/b": ["memory.max": "max", "memory.current": "100"],
      ])
    #expect(left == 50)
  }

  @Test(arguments: ["", "0::/nowhere\n", "nonsense\n", "0::\n", "0::a\n", "4:memory:\n", "0::/../..\n"])
  func withoutALimitThereIsNone(groups: String) throws {
    #expect(try available(groups, [:]) == nil)
  }
}
