import Foundation
import GradientFlow
import Specification
import Trials

extension SweepSpecification {
  /// Bytes of all weight blocks and inputs that trials share, if all were kept: an upper estimate from the axes.
  var sharedBytes: Double {
    func sum(_ axis: Axis, _ property: (TrialParameters) -> Double) -> Double {
      values(of: axis, property).reduce(0, +)
    }
    func count(_ axis: Axis) -> Double { Double(values(of: axis) { _ in }.count) }
    let gates = values(of: .cell, \.cell).map(\.gates.count).max() ?? 1
    let deepest = Double(values(of: .layers, \.layers).max() ?? 1)
    let widest = Double(values(of: .bidirectional, \.directions).max() ?? 1)
    let layers = deepest * widest * (hasEncoder ? 2 : 1)
    let draws = count(.seed) * max(1, count(.initializer)) * Double(gates) * layers
    let blocks = sum(.hiddenSize) { Double($0.hiddenSize) * Double($0.hiddenSize) * 8 + 256 }
    let weights = draws * blocks * (1 + count(.spectralRadius) * count(.precision))
    guard task.kind == .gaussianNoise else { return weights }
    let steps = sum(.sequenceLength) { Double($0.sequenceLength) } * sum(.batchSize) { Double($0.batchSize) }
    let bytes = sum(.precision) { $0.precision == .float32 ? 4 : 8 }
    return weights + count(.seed) * steps * sum(.inputSize) { Double($0.inputSize) } * bytes
  }

  /// Bytes that a task's file takes: while it is read, as text and as numbers.
  var taskBytes: Double {
    guard let file = task.file, let format = task.kind.file else { return 0 }
    let size = (try? FileManager.default.attributesOfItem(atPath: file.resolvedPath)[.size]) as? Int
    return format.copies * Double(size ?? 0)
  }
}
