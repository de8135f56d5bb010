/// How the two directions of a layer are brought together where they are not side by side, as by Keras's
/// `Bidirectional(merge_mode=…)`.
public enum HeadMerge: String, HeadLayer, CaseIterable {
  case sum, mul, ave

  public var name: String { rawValue }

  public func outputSize(of width: Int) -> Int? { width % 2 == 0 ? width / 2 : nil }

  public func forward(_ x: [Double], rows: Int) -> [Double] {
    let half = x.count / rows / 2
    var y: [Double] = []
    y.reserveCapacity(x.count / 2)
    for row in 0..<rows {
      for k in row * 2 * half..<row * 2 * half + half {
        switch self {
        case .sum: y.append(x[k] + x[k + half])
        case .mul: y.append(x[k] * x[k + half])
        case .ave: y.append((x[k] + x[k + half]) / 2)
        }
      }
    }
    return y
  }

  public func backward(_ gradient: [Double], x: [Double], y: [Double], rows: Int) -> [Double] {
    let half = x.count / rows / 2
    var result = x
    for row in 0..<rows {
      for k in 0..<half {
        let (forward, reverse, g) = (row * 2 * half + k, row * 2 * half + half + k, gradient[row * half + k])
        switch self {
        case .sum: (result[forward], result[reverse]) = (g, g)
        case .mul: (result[forward], result[reverse]) = (g * x[reverse], g * x[forward])
        case .ave: (result[forward], result[reverse]) = (g / 2, g / 2)
        }
      }
    }
    return result
  }
}
