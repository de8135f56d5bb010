import Foundation
import ModelFiles
import Testing

@Suite("Numeric arrays")
struct NumericArrayTests {
  /// Arrays of all 65,536 patterns of a 16-bit type.
  private static func allPatterns(_ type: StoredType) throws -> [Double] {
    let bytes = (0..<65536).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    return try NumericArray(littleEndianBytes: bytes, storedType: type, shape: [65536]).doubles()
  }

  @Test(arguments: [(StoredType.float16, 10), (.bfloat16, 7)])
  func sixteenBitFloatsWidenExactly(type: StoredType, fractionBits: Int) throws {
    let largestExponent = (1 << (15 - fractionBits)) - 1
    let bias = largestExponent / 2
    let widened = try Self.allPatterns(type)
    let mismatches = widened.indices.filter { bits in
      let sign: Double = bits >= 0x8000 ? -1 : 1
      let exponent = (bits & 0x7FFF) >> fractionBits
      let fraction = bits & ((1 << fractionBits) - 1)
      if exponent == largestExponent {
        return fraction == 0
          ? widened[bits] != sign * .infinity
          : !widened[bits].isNaN || widened[bits].sign != (sign < 0 ? .minus : .plus)
      }
      let significand = exponent == 0 ? fraction : fraction + 1 << fractionBits
      let power = max(exponent, 1) - bias - fractionBits
      let value = sign * scalbn(Double(significand), power)
      return widened[bits].bitPattern != value.bitPattern
    }
    #expect(mismatches.isEmpty)
  }

  @Test(arguments: [
    (StoredType.float16, 0x0001, 0x1p-24), (.float16, 0x83FF, -0x1.FF8p-15),
    (.float16, 0x7BFF, 65504), (.float16, 0x3555, 0x1.554p-2),
    (.bfloat16, 0x0001, 0x1p-133), (.bfloat16, 0x3F81, 0x1.02p0),
    (.bfloat16, 0xFF7F, -0x1.FEp127),
  ])
  func sixteenBitLandmarksWiden(type: StoredType, bits: Int, value: Double) throws {
    let bytes = [UInt8(bits & 0xFF), UInt8(bits >> 8)]
    let array = try NumericArray(littleEndianBytes: bytes, storedType: type, shape: [1])
    #expect(array.doubles() == [value])
  }

  @Test func halfNaNKeepsItsPayload() throws {
    let array = try NumericArray(
      littleEndianBytes: [0x01, 0x7E], storedType: .float16, shape: [1])
    #expect(array.doubles()[0].bitPattern == 0x7FF8_0400_0000_0000)
  }

  @Test func wholeFloatsReadAsIntegers() throws {
    #expect(try NumericArray([3.0, -0.0, 0x1p62], shape: [3]).integers() == [3, 0, 1 << 62])
  }

  @Test(arguments: [0.5, .nan, .infinity, 0x1p63])
  func otherFloatsAreNotIntegers(value: Double) throws {
    let array = try NumericArray([0, 1, 2, 3, 4, value], shape: [2, 3])
    let error = #expect(throws: ModelFileError.self) { try array.integers() }
    #expect(error?.kind == .mismatch)
    #expect(error?.place == "element [1, 2]")
    #expect(error?.found.contains("\(value)") == true)
  }

  @Test(arguments: [
    ([3], ModelFileError.Kind.mismatch), ([], .mismatch), ([2, 0], .mismatch),
    ([-2], .malformed), ([2, -1, -1], .malformed),
    ([1 << 32, 1 << 31], .malformed), ([1 << 60], .malformed), ([0, 1 << 62, 4], .malformed),
    ([Int](repeating: 1, count: 65), .unsupported),
  ])
  func shapeMustFitTheElements(shape: [Int], kind: ModelFileError.Kind) {
    let error = #expect(throws: ModelFileError.self) {
      try NumericArray([1.0, 2.0], shape: shape)
    }
    #expect(error?.kind == kind)
    #expect(error?.place?.hasPrefix("shape") == true)
  }

  @Test func equalityIsOfBits() throws {
    let nan = try NumericArray([Double.nan], shape: [1])
    #expect(nan == nan)
    #expect(try NumericArray([0.0], shape: [1]) != NumericArray([-0.0], shape: [1]))
    #expect(try NumericArray([0.0], shape: [1]) != NumericArray([0.0], shape: [1, 1]))
  }
}
