import Foundation

/// The JSON header of a safetensors file as written, before its offsets are checked.
struct SafetensorsHeader {
  var metadata: [String: String] = [:]
  var tensors: [(name: String, entry: Entry)] = []

  /// What the header says of one tensor.
  struct Entry {
    var dtype: String
    var shape: [Int]
    var offsets: [Int]
  }

  static let metadataKey = "__metadata__"

  /// Decodes a header; `text` is what lies between the length and the data.
  init(text: ArraySlice<UInt8>) throws(ModelFileError) {
    try SafetensorsHeaderScan.check(text)
    do {
      self = try JSONDecoder().decode(Self.self, from: Data(text))
    } catch let error as ModelFileError {
      throw error
    } catch let error as DecodingError {
      throw Self.malformed(error, text)
    } catch {
      throw .malformed("header", "\(error)", "the header must be JSON")
    }
  }

  private static func malformed(
    _ error: DecodingError, _ text: ArraySlice<UInt8>
  ) -> ModelFileError {
    let context: DecodingError.Context
    var fault: String?
    switch error {
    case .keyNotFound(let key, let its):
      context = its
      fault = "no key \(Excerpt.literal(key.stringValue))"
    case .typeMismatch(_, let its), .valueNotFound(_, let its), .dataCorrupted(let its):
      context = its
    @unknown default:
      return .malformed("header", "\(error)", "the header must be JSON")
    }
    guard let name = context.codingPath.first else {
      return .malformed("header", jsonFault(text), "the header must be one JSON object in UTF-8")
    }
    let inner = context.codingPath.dropFirst().map { key in
      key.intValue.map { "entry \($0)" } ?? Excerpt.literal(key.stringValue)
    }
    let place = [place(of: name.stringValue)] + inner
    let given = context.debugDescription
    return .malformed(
      place.joined(separator: ", "),
      fault ?? (given.hasSuffix(".") ? String(given.dropLast()) : given),
      name.stringValue == metadataKey
        ? "metadata is an object whose values are strings"
        : "an entry has a string dtype, and shape and data_offsets of whole numbers")
  }

  /// What is wrong with text that is not JSON; the decoder does not say where it stopped.
  private static func jsonFault(_ text: ArraySlice<UInt8>) -> String {
    do {
      _ = try JSONSerialization.jsonObject(with: Data(text))
      return "invalid JSON"
    } catch {
      let detail = (error as NSError).userInfo["NSDebugDescription"] as? String
      return "invalid JSON" + (detail.map { " (\(Excerpt.literal($0)))" } ?? "")
    }
  }

  static func place(of name: String) -> String {
    name == metadataKey ? metadataKey : "tensor \(Excerpt.literal(name))"
  }
}

extension SafetensorsHeader: Decodable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NameKey.self)
    for key in container.allKeys {
      if key.stringValue == Self.metadataKey {
        metadata = try container.decode([String: String].self, forKey: key)
      } else {
        tensors.append((key.stringValue, try container.decode(Entry.self, forKey: key)))
      }
    }
  }
}

extension SafetensorsHeader.Entry: Decodable {
  init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: NameKey.self)
    let known = ["dtype", "shape", "data_offsets"]
    if let other = container.allKeys.first(where: { !known.contains($0.stringValue) }) {
      throw ModelFileError.malformed(
        SafetensorsHeader.place(of: container.codingPath.first?.stringValue ?? ""),
        "the key \(Excerpt.literal(other.stringValue))",
        "an entry has the keys dtype, shape and data_offsets")
    }
    dtype = try container.decode(String.self, forKey: NameKey("dtype"))
    shape = try container.decode([Int].self, forKey: NameKey("shape"))
    offsets = try container.decode([Int].self, forKey: NameKey("data_offsets"))
  }
}

/// Any JSON object key.
private struct NameKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}
