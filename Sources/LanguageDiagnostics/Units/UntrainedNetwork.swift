import LinearAlgebra
import RecurrentCells

extension Network where Element == Float {
  /// A network of the same shape as PyTorch draws it: weights and biases of the layers U(−1/√H, 1/√H), rows of an embedding
  /// N(0, 1). The readout stays as it is, for no unit depends on it.
  public func drawnAnew(seed: UInt64) -> Network<Float> {
    var stream = RandomStream(rootSeed: 0, trialSeed: seed, purpose: .untrainedNetworks)
    let bound = 1 / Double(recurrent.hiddenSize).squareRoot()
    func uniform(_ count: Int) -> [Float] {
      (0..<count).map { _ in Float(bound * (2 * stream.uniform() - 1)) }
    }
    func matrix(_ like: Matrix<Float>) -> Matrix<Float> {
      Matrix(rows: like.rows, columns: like.columns, values: uniform(like.values.count))
    }
    let layers = recurrent.layers.map { directions in
      directions.map { own in
        RecurrentParameters(
          weightIH: matrix(own.weightIH), weightHH: matrix(own.weightHH), biasIH: uniform(own.biasIH.count),
          biasHH: uniform(own.biasHH.count))
      }
    }
    let embedding = embedding.map { own in
      Matrix(rows: own.rows, columns: own.columns, values: stream.normals(own.values.count, as: Float.self))
    }
    return Network(
      embedding: embedding, recurrent: RecurrentModel(cell: cell, layers: layers), readout: readout)
  }
}
