import LinearAlgebra
import RecurrentCells
import Testing

#if compiler(>=6.2)  // tests of processes that end

  /// Asked for in debug builds alone, as `swift test` without `-c release` makes.
  @Suite("Lengths that debug builds refuse", .enabled(if: hasAssertions, "a release build asks for nothing"))
  struct KernelAssertionTests {
    @Test func lengthThatReachesIntoItsNeighbour() async {
      await #expect(processExitsWith: .failure) {
        let block = AlignedBuffer<Float>(count: 32)
        Float.tanhForward(9, block.base, h: block.base + 8, derivative: block.base + 20)
      }
    }

    @Test func factorsLongerThanTheirPlace() async {
      await #expect(processExitsWith: .failure) {
        // Five factors of two units where six are written.
        let block = AlignedBuffer<Double>(count: 40)
        let (a, before, factors) = (block.base, block.base + 8, block.base + 10)
        Double.lstmForward(
          batch: 1, hidden: 2, a: a, previousCell: before, cell: block.base + 20, h: block.base + 22,
          factors: factors)
      }
    }

    @Test func negativeCount() async {
      await #expect(processExitsWith: .failure) {
        let block = AlignedBuffer<Float>(count: 32)
        Float.elementwiseProduct(-1, block.base, block.base + 8, into: block.base + 16)
      }
    }

    @Test func strideShorterThanTheRow() async {
      await #expect(processExitsWith: .failure) {
        let block = AlignedBuffer<Double>(count: 32)
        Double.rowNorms(count: 2, width: 8, stride: 7, block.base, into: block.base + 16)
      }
    }

    @Test func classBeyondTheRow() async {
      await #expect(processExitsWith: .failure) {
        var (y, scratch): ([Float], [Double]) = ([1, 2, 3], [0, 0, 0])
        _ = Float.softmaxCrossEntropy(
          count: 1, width: 3, weight: 1, classes: [3], &y, exponents: nil, scratch: &scratch)
      }
    }
  }

  private let hasAssertions: Bool = {
    var found = false
    assert(
      {
        found = true
        return true
      }())
    return found
  }()

#endif
