import Foundation
import TextFiles

/// JSON as `JSONSerialization` gives it, but with the numbers that it states: that reads most decimals an ulp off.
public enum ExactJSON {
  public static func object(with data: Data) throws -> Any { foundation(try JSONValue(data)) }

  private static func foundation(_ value: JSONValue) -> Any {
    switch value {
    case .null: NSNull()
    case .boolean(let truth): NSNumber(value: truth)
    // Whole numbers are printed without a fraction.
    case .number(let number): Int(exactly: number).map { NSNumber(value: $0) } ?? NSNumber(value: number)
    case .string(let text): text
    case .array(let list): list.map(foundation)
    case .object(let members): members.mapValues(foundation)
    }
  }
}
