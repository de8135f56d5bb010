import LinearAlgebra
import TestSupport
import Testing

@Suite("Philox")
struct PhiloxTests {
  struct Vector: Sendable, CustomStringConvertible {
    var key: (UInt64, UInt64)
    var counter: (UInt64, UInt64, UInt64, UInt64)
    var words: [UInt64]
    var description: String { "key \(key), counter \(counter)" }
  }

  // numpy 2.4: np.random.Philox(key=k0 + (k1 << 64),
  //   counter=c0 + (c1 << 64) + (c2 << 128) + (c3 << 192)).random_raw(8)
  static let vectors: [Vector] = [
    Vector(
      key: (0, 0), counter: (0, 0, 0, 0),
      words: [
        0x02F4_BA64_08E4_D89B, 0x3DD6_2B0B_9CA8_C5B2, 0x1C86_67A5_5D90_2E79,
        0x907D_7A05_2FD5_B4DC, 0x809B_F322_8839_87C3, 0x4711_28B9_E807_F7DD,
        0xF250_BA0D_BEC0_65B7, 0xFC6E_D667_67A4_57BC,
      ]),
    Vector(
      key: (1, 2), counter: (3, 4, 5, 6),
      words: [
        0x8070_E578_8D05_927E, 0x1C5A_EF1C_B545_1508, 0xD04B_22EC_4863_E2A0,
        0xD67C_C7DA_10E9_19CE, 0x00A7_B5FA_E736_FABF, 0x832D_F5EC_2023_505B,
        0xF40F_1906_A82E_EDC2, 0xAB5E_719E_DEEC_3829,
      ]),
    // The second block carries into the second word.
    Vector(
      key: (0x243F_6A88_85A3_08D3, 0x1319_8A2E_0370_7344),
      counter: (0xFFFF_FFFF_FFFF_FFFE, 7, 0, 0),
      words: [
        0x5C4F_3F58_3A9F_9662, 0xCCB1_EC70_01A2_C824, 0x1762_3A92_F139_4140,
        0xF6EB_2948_0AB1_64D8, 0xA716_000D_5A6D_B67D, 0xB23D_C479_112F_BD3F,
        0xC79F_BB39_F6F3_71BB, 0x8046_EECF_A5F8_3D04,
      ]),
    // The first block carries through three words into the fourth.
    Vector(
      key: (.max, .max), counter: (.max, .max, .max, 9),
      words: [
        0x1343_AE36_A238_DA8F, 0x75E0_337B_7E63_9D50, 0x6E23_58CB_FCF5_0678,
        0x6F43_A2F7_4D73_BA30, 0xD080_D4F7_1951_2C7D, 0xFA8F_B37C_9C66_5519,
        0x2EC0_DB75_1215_0A93, 0xAC44_D602_C189_78D7,
      ]),
    Vector(
      key: (42, 0), counter: (.max, .max, 0, 1 << 32),
      words: [
        0x0088_629E_CD13_F409, 0x2D00_FBD4_2D80_CF37, 0x4E70_1CAB_51B7_30C8,
        0x7359_DB61_3044_FB18, 0xAEEE_1184_52C3_A38A, 0x00C8_8437_65F4_21DA,
        0x7F56_5E1E_FC22_A2E3, 0xE4B0_5CE9_F278_194F,
      ]),
  ]

  @Test(arguments: vectors)
  func equalsNumPyBitForBit(_ vector: Vector) {
    var generator = Philox(key: vector.key, counter: vector.counter)
    #expect((0..<8).map { _ in generator.next() } == vector.words)
  }

  @Test func aBlockDoesNotDependOnTheStreamBeforeIt() {
    var first = Philox(key: (9, 8), counter: (5, 0, 0, 0))
    for _ in 0..<4 { _ = first.next() }
    var second = Philox(key: (9, 8), counter: (6, 0, 0, 0))
    let block = Philox.block(key: (9, 8), counter: (7, 0, 0, 0))
    let words = [block.0, block.1, block.2, block.3]
    #expect((0..<4).map { _ in first.next() } == words)
    #expect((0..<4).map { _ in second.next() } == words)
  }
}
