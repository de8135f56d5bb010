// swift-format-ignore-file: AlwaysUseLowerCamelCase

/// The numbers that a loss is a function of, by group.
public enum NaiveVariable: String, Sendable, CaseIterable {
  case W_ih, W_hh, b_ih, b_hh, W_o, b_o, h_0, c_0, x
}

extension NaiveNetwork {
  /// A group of variables as one row-major array; assignment keeps the shape.
  public subscript(variable: NaiveVariable) -> [Double] {
    get {
      switch variable {
      case .W_ih: return W_ih.flatMap { $0 }
      case .W_hh: return W_hh.flatMap { $0 }
      case .b_ih: return b_ih
      case .b_hh: return b_hh
      case .W_o: return W_o.flatMap { $0 }
      case .b_o: return b_o
      case .h_0: return h_0.flatMap { $0 }
      case .c_0: return c_0.flatMap { $0 }
      case .x: return x.flatMap { $0.flatMap { $0 } }
      }
    }
    set {
      switch variable {
      case .W_ih: W_ih = rows(newValue, width: sizes.inputSize)
      case .W_hh: W_hh = rows(newValue, width: sizes.hiddenSize)
      case .b_ih: b_ih = newValue
      case .b_hh: b_hh = newValue
      case .W_o: W_o = rows(newValue, width: sizes.hiddenSize)
      case .b_o: b_o = newValue
      case .h_0: h_0 = rows(newValue, width: sizes.hiddenSize)
      case .c_0: c_0 = rows(newValue, width: sizes.hiddenSize)
      case .x:
        let all = rows(newValue, width: sizes.inputSize)
        x = stride(from: 0, to: all.count, by: sizes.batch).map {
          Array(all[$0..<$0 + sizes.batch])
        }
      }
    }
  }
}

extension NaiveGradients {
  /// The gradient by a group of variables, in the order of ``NaiveNetwork/subscript(_:)``.
  public subscript(variable: NaiveVariable) -> [Double] {
    switch variable {
    case .W_ih: return W_ih.flatMap { $0 }
    case .W_hh: return W_hh.flatMap { $0 }
    case .b_ih: return b_ih
    case .b_hh: return b_hh
    case .W_o: return W_o.flatMap { $0 }
    case .b_o: return b_o
    case .h_0: return delta[0].flatMap { $0 }
    case .c_0: return kappa[0].flatMap { $0 }
    case .x: return x.flatMap { $0.flatMap { $0 } }
    }
  }
}

/// Cuts an array into rows.
private func rows(_ values: [Double], width: Int) -> [[Double]] {
  stride(from: 0, to: values.count, by: width).map { Array(values[$0..<$0 + width]) }
}
