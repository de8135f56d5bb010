import Foundation
import GradientFlow

extension SweepSpecification {
  /// Bytes of all weight blocks and inputs that trials share, if all were kept: an upper estimate from the axes.
  var sharedBytes: Double {
    let draws = Double(seeds.count) * Double(initializers.count) * Double(cells.map(\.gates.count).max() ?? 1)
    let blocks = hiddenSizes.reduce(0) { $0 + (Double($1) * Double($1) * 8 + 256) }
    let weights = draws * blocks * Double(1 + spectralRadii.count * precisions.count)
    guard task.kind == .gaussianNoise else { return weights }
    let steps = sequenceLengths.reduce(0.0) { $0 + Double($1) } * batchSizes.reduce(0.0) { $0 + Double($1) }
    let bytes = precisions.reduce(0.0) { $0 + ($1 == .float32 ? 4 : 8) }
    return weights + Double(seeds.count) * steps * inputSizes.reduce(0.0) { $0 + Double($1) } * bytes
  }

  /// Bytes that a task's file takes: while it is read, as text and as numbers.
  var taskBytes: Double {
    let (path, copies): (String, Double)
    switch task {
    case .text(let file): (path, copies) = (file.resolvedPath, 8)
    case .digits(let file, _): (path, copies) = (file.resolvedPath, 14)
    case .gaussianNoise, .published: return 0
    }
    let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size]) as? Int
    return copies * Double(size ?? 0)
  }
}
