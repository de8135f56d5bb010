import Foundation

/// A JSON text as it is read, with the numbers that it states: Foundation's `JSONSerialization` reads most decimals an ulp
/// or two from the nearest number, `JSONDecoder` reads the nearest.
package indirect enum JSONValue: Sendable, Equatable, Decodable {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// - Throws: an error whose description says what is wrong with a text that is not JSON.
  package init(_ data: Data) throws {
    do { self = try JSONDecoder().decode(JSONValue.self, from: data) } catch {
      // The decoder does not say where it stopped.
      _ = try JSONSerialization.jsonObject(with: data, options: .fragmentsAllowed)
      throw error
    }
  }

  package init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let list = try? value.decode([JSONValue].self) {
      self = .array(list)
    } else if let members = try? value.decode([String: JSONValue].self) {
      self = .object(members)
    } else if let text = try? value.decode(String.self) {
      self = .string(text)
    } else if let truth = try? value.decode(Bool.self) {
      self = .boolean(truth)
    } else if value.decodeNil() {
      self = .null
    } else {
      throw DecodingError.dataCorruptedError(in: value, debugDescription: "a number out of range")
    }
  }

  /// A member of an object; nil where there is none.
  package subscript(_ key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }
}
