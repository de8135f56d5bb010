import DiagnosisFiles
import Foundation
import GradientFlow
import TextFiles

/// `expected.json` and `expected.npz` of a reference case.
struct ExpectedResults {
  /// The most bytes of JSON that are read.
  private static let byteLimit = 1 << 28

  private let json: JSONValue
  private let tensors: NPZFile
  package let path: String

  package init(directory: String) throws {
    path = PathName.joined(directory, "expected.json")
    let data: Data
    do throws(SpecificationError) {
      data = try InputFile.bytes(at: path, limit: Self.byteLimit, mustBeRegular: true)
    } catch {
      throw CaseError(error, advice: "verify compares a case with its expected results")
    }
    do { json = try JSONValue(data) } catch {
      throw CaseError(
        .malformed, place: path,
        problem: "not valid JSON: \((error as NSError).userInfo["NSDebugDescription"] ?? error)")
    }
    guard case .object = json else {
      throw CaseError(.malformed, place: path, problem: "must be a JSON object")
    }
    tensors = try NPZFile(contentsOf: PathName.joined(directory, "expected.npz"))
  }

  /// Whether a key exists.
  package func has(_ keys: [String]) -> Bool { value(keys) != nil }

  /// A number or an array of any depth, flattened; null becomes nil. nil if the key is missing or holds
  /// something else.
  package func numbers(_ keys: [String]) -> [Double?]? { value(keys).flatMap(Self.flatten) }

  /// One number.
  package func number(_ keys: [String]) -> Double? {
    guard let list = numbers(keys), list.count == 1 else { return nil }
    return list[0]
  }

  /// A quantity compared with the numbers of its keys.
  func check(_ keys: [String], _ measured: [Double]?, _ rule: ComparisonRule) -> QuantityCheck {
    QuantityCheck(
      name: keys.joined(separator: "."), measured: measured, expected: numbers(keys), rule: rule)
  }

  /// A quantity compared with the member of the npz that has its name.
  func check(tensor name: String, _ measured: [Double]?, within tolerance: Double) -> QuantityCheck {
    QuantityCheck(
      name: name, measured: measured, expected: tensor(name), rule: .relativeToLargest(tolerance))
  }

  /// A member of the npz.
  package func tensor(_ name: String) -> [Double]? { tensors[name]?.doubles() }

  private func value(_ keys: [String]) -> JSONValue? {
    keys.reduce(Optional(json)) { $0?[$1] }
  }

  private static func flatten(_ value: JSONValue) -> [Double?]? {
    switch value {
    case .null: return [nil]
    case .number(let number): return [number]
    case .array(let list):
      var flat: [Double?] = []
      for element in list {
        guard let part = flatten(element) else { return nil }
        flat += part
      }
      return flat
    default: return nil
    }
  }
}
