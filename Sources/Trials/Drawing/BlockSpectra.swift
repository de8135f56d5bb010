import GradientFlow

/// The largest spectral radius and the largest singular value among the blocks of W_hh of a layer in one direction.
public struct BlockSpectrum: Sendable, Equatable {
  public private(set) var spectralRadius = 0.0
  public private(set) var sigmaMax = 0.0

  /// Takes in a block.
  mutating func add(spectralRadius: Double, sigmaMax: Double) {
    self.spectralRadius = max(self.spectralRadius, spectralRadius)
    self.sigmaMax = max(self.sigmaMax, sigmaMax)
  }
}

extension Network {
  /// Measured on its weights as they are.
  ///
  /// - Throws: `LinearAlgebraError`.
  /// - Complexity: O(L·D·G·H³).
  func blockSpectra() throws(LinearAlgebraError) -> [LayerPlace: BlockSpectrum] {
    var spectra: [LayerPlace: BlockSpectrum] = [:]
    for place in places {
      let weights = self[place]
      for gate in cell.gates.indices {
        let block = weights.recurrentBlock(gate)
        spectra[place, default: BlockSpectrum()].add(
          spectralRadius: try block.spectralRadius(), sigmaMax: try block.singularValues().first ?? 0)
      }
    }
    return spectra
  }
}
