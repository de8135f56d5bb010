import GradientFlow
import Machine
import Specification

/// Blocks of W_hh with their measured spectral radius and largest singular value, shared by the trials of a
/// sweep: drawing one takes O(H³), and a sweep uses each many times, and the same draw for every radius.
///
/// Measured on the block in the precision the network uses, after scaling.
struct RecurrentBlockCache: Sendable {
  /// Only what a block depends on.
  private struct Key: Hashable {
    let size: Int
    let initializer: Initializer
    let rootSeed, seed, part: UInt64
    let gate: Int
    /// nil for the draw itself.
    var spectralRadius: Double?, precision: Precision?
  }

  package struct Entry: Sendable {
    package let block: Matrix<Double>
    package let spectralRadius, sigmaMax: Double
  }

  private let draws: BoundedCache<Key, Initializer.Draw>
  private let blocks: BoundedCache<Key, Entry>

  /// - Parameter capacity: bytes to keep.
  package init(capacity: Int) {
    draws = BoundedCache(capacity: capacity / 5)
    blocks = BoundedCache(capacity: capacity / 5 * 4)
  }

  package func entry(
    _ recipe: ParameterRecipe, gate: Int, precision: Precision
  ) throws(LinearAlgebraError) -> Entry {
    let draw = Key(
      size: recipe.hiddenSize, initializer: recipe.initializer, rootSeed: recipe.rootSeed,
      seed: recipe.seed, part: recipe.part, gate: gate)
    var key = draw
    (key.spectralRadius, key.precision) = (recipe.spectralRadius, precision)
    return try blocks.value(key, size: { $0.block.values.count * 8 }) { () throws(LinearAlgebraError) in
      let drawn = try draws.value(draw, size: { $0.matrix.values.count * 8 }) {
        () throws(LinearAlgebraError) in try recipe.draw(gate)
      }
      let block = try drawn.scaled(to: recipe.spectralRadius)
      let used =
        precision == .float32 ? block.converted(to: Float.self).converted(to: Double.self) : block
      return Entry(
        block: block, spectralRadius: try used.spectralRadius(),
        sigmaMax: try used.singularValues().first ?? 0)
    }
  }
}
