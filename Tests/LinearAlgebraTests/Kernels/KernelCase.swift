import LinearAlgebra

/// A set of kernels and a size that no vector width divides, or just does.
struct KernelCase: Sendable, CustomStringConvertible {
  let kernels: KernelSelection
  let size: Int
  var description: String { "\(size) elements, \(kernels)" }

  static let sizes = [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 47, 64, 67, 129]
  static let all = ProcessorLevel.allCases.filter { $0 <= .detected }.flatMap { level in
    sizes.map {
      KernelCase(kernels: KernelSelection(level: level, generatesProducts: false), size: $0)
    }
  }

  func stream(_ purpose: UInt32) -> RandomStream {
    RandomStream(rootSeed: 3, trialSeed: UInt64(size), purpose: .other(purpose))
  }

  /// Numbers of an element type, as that type holds them.
  func normals<Element: Scalar>(
    _ count: Int, _ purpose: UInt32, _: Element.Type, deviation: Double = 1
  ) -> [Element] {
    var stream = stream(purpose)
    return Element.array(stream.normals(count, standardDeviation: deviation))
  }
}
