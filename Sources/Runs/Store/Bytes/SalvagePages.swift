/// The overflow pages of a damaged store, which continue long rows: those of its file, and newer ones in its log.
///
/// A row that does not fit into a page has its first bytes there, and after them the number of the page with the next
/// ones, which begins with the number of the page after it.
///
/// - Note: Source: sqlite.org/fileformat.html, sections 1.6 and 4.
struct SalvagePages {
  /// Bytes of a page, and of those what SQLite may use.
  package struct Layout: Hashable {
    package let size: Int
    let usable: Int

    /// nil for sizes that SQLite does not have.
    package init?(size: Int, reserved: Int) {
      guard size.nonzeroBitCount == 1, (512...65536).contains(size), (0...255).contains(reserved),
        size - reserved >= 480
      else { return nil }
      self.size = size
      usable = size - reserved
    }

    /// Bytes of a row of the table that lie in its own page.
    func localBytes(of row: Int) -> Int {
      let most = usable - 35
      guard row > most else { return row }
      let least = (usable - 12) * 32 / 255 - 23
      let fitting = least + (row - least) % (usable - 4)
      return fitting <= most ? fitting : least
    }
  }

  package let layout: Layout
  private let file: SalvageFile
  private let log: SalvageFile?
  /// Where in the log the newest version of a page begins.
  private let newest: [Int: Int]

  package init(_ layout: Layout, file: SalvageFile, log: SalvageFile?) {
    self.layout = layout
    self.file = file
    self.log = log
    newest = log.map { Self.newestPages(in: $0, layout) } ?? [:]
  }

  private static let logHeader = 32, frameHeader = 24

  private static func newestPages(in log: SalvageFile, _ layout: Layout) -> [Int: Int] {
    var newest: [Int: Int] = [:]
    var salt: ArraySlice<UInt8>?
    for start in stride(from: logHeader, to: log.size, by: frameHeader + layout.size) {
      let header = log.bytes(at: start, count: frameHeader)
      guard header.count == frameHeader else { break }
      // Frames with another salt are left over from before the log began again: the file has what is in them.
      if salt == nil { salt = header[8..<16] }
      if header[8..<16] == salt { newest[bigEndian(header[0..<4])] = start + frameHeader }
    }
    return newest
  }

  /// The complete row whose first bytes are at a place; nil if pages are missing.
  ///
  /// - Parameters:
  ///   - source: the file of the place.
  ///   - row: bytes of the row.
  ///   - usesLog: whether the newer versions of pages are taken.
  package func row(of row: Int, at offset: Int, in source: SalvageFile, usesLog: Bool) -> [UInt8]? {
    let local = layout.localBytes(of: row)
    let isLong = local < row
    var bytes = source.bytes(at: offset, count: local + (isLong ? 4 : 0))
    guard bytes.count == local + (isLong ? 4 : 0) else { return nil }
    guard isLong else { return bytes }
    var next = Self.bigEndian(bytes[local...])
    bytes.removeLast(4)
    while bytes.count < row {
      let wanted = min(layout.usable - 4, row - bytes.count)
      let page = self.page(next, count: wanted + 4, usesLog: usesLog)
      guard page.count == wanted + 4 else { return nil }
      next = Self.bigEndian(page[0..<4])
      bytes += page[4...]
    }
    return bytes
  }

  private func page(_ number: Int, count: Int, usesLog: Bool) -> [UInt8] {
    if usesLog, let log, let start = newest[number] { return log.bytes(at: start, count: count) }
    return number > 0 ? file.bytes(at: (number - 1) * layout.size, count: count) : []
  }

  static func bigEndian(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}
