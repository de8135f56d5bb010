/// Whether an image is complete: gnuplot reports success even if the disk was full and the file is cut off.
extension ImageFormat {
  /// What is missing or wrong in a file of this format; nil if it is whole from its first byte to its last.
  ///
  /// O(n) for n bytes.
  public func flaw(in bytes: [UInt8]) -> String? {
    if bytes.isEmpty { return "nothing was written" }
    switch self {
    case .png: return PNGStructure.flaw(in: bytes)
    case .svg: return SVGStructure.flaw(in: bytes)
    case .pdf: return PDFStructure.flaw(in: bytes)
    }
  }
}
