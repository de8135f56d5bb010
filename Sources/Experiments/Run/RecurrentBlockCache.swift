import Foundation
import GradientFlow

/// Blocks of W_hh with their measured spectral radius and largest singular value, shared by the trials of a
/// sweep: drawing one takes O(H³), and a sweep uses each many times.
///
/// Measured on the block in the precision the network uses, after scaling.
final class RecurrentBlockCache: @unchecked Sendable {
  struct Key: Hashable {
    let recipe: ParameterRecipe
    let gate: Int
    let precision: Precision

    /// Only what the block depends on is part of the key.
    init(_ recipe: ParameterRecipe, gate: Int, precision: Precision) {
      var common = recipe
      common.cell = .rnn
      common.inputSize = 1
      common.inputScale = 0
      common.meanInputSquare = 1
      common.forgetBias = 0
      self.recipe = common
      self.gate = gate
      self.precision = precision
    }
  }

  struct Entry {
    let block: Matrix<Double>
    let spectralRadius, sigmaMax: Double
  }

  private let lock = NSLock()
  private var entries: [Key: Entry] = [:]
  private var bytes = 0
  private let capacity: Int

  /// - Parameter capacity: bytes of blocks to keep.
  init(capacity: Int = 1 << 28) { self.capacity = capacity }

  func entry(
    _ recipe: ParameterRecipe, gate: Int, precision: Precision
  ) throws(LinearAlgebraError) -> Entry {
    let key = Key(recipe, gate: gate, precision: precision)
    if let known = lock.withLock({ entries[key] }) { return known }
    let block = try recipe.recurrentBlock(gate)
    let used = precision == .float32 ? block.converted(to: Float.self).converted(to: Double.self) : block
    let entry = Entry(
      block: block, spectralRadius: try used.spectralRadius(),
      sigmaMax: try used.singularValues().first ?? 0)
    let size = block.values.count * 8
    lock.withLock {
      if bytes + size > capacity {
        entries.removeAll()
        bytes = 0
      }
      if entries.updateValue(entry, forKey: key) == nil { bytes += size }
    }
    return entry
  }
}
