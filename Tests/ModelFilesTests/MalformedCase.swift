import ModelFiles
import Testing

/// Bytes a reader must refuse, and what its message must say.
struct MalformedCase: CustomTestStringConvertible, Sendable {
  let testDescription: String
  let bytes: [UInt8]
  let kind: ModelFileError.Kind
  let place: String?
  let fragment: String

  init(
    _ name: String, _ bytes: [UInt8], _ kind: ModelFileError.Kind = .malformed,
    at place: String?, says fragment: String
  ) {
    self.testDescription = name
    self.bytes = bytes
    self.kind = kind
    self.place = place
    self.fragment = fragment
  }

  func check(_ read: ([UInt8]) throws -> Void) {
    let error = #expect(throws: ModelFileError.self) { try read(bytes) }
    #expect(error?.kind == kind)
    #expect(error?.place == place)
    #expect(error?.description.contains(fragment) == true, "\(error?.description ?? "")")
    #expect((error?.description.count ?? 0) < 400)
  }
}
