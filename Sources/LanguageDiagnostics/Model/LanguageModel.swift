import Language
import LinearAlgebra
import RecurrentCells

/// A recurrent network that reads tokens of a vocabulary and says how likely each one is to come next.
///
///     p(x_{t+1} | x_1 … x_t) = softmax(W_o h_t + b_o)
public struct LanguageModel<Element: Scalar>: Sendable {
  public let network: Network<Element>
  public let vocabulary: Vocabulary

  /// - Throws: ``LanguageModelError`` where the network reads or says another number of tokens, reads backwards, or has an
  ///   encoder.
  public init(_ network: Network<Element>, _ vocabulary: Vocabulary) throws(LanguageModelError) {
    guard network.encoder == nil, network.recurrent.directions == [.forward] else { throw .readsAhead }
    guard network.inputSize == vocabulary.count, network.readout.outputSize == vocabulary.count else {
      throw .sizes(
        vocabulary: vocabulary.count, read: network.inputSize, said: network.readout.outputSize)
    }
    self.network = network
    self.vocabulary = vocabulary
  }

  /// The same in another precision.
  public func converted<Other: Scalar>(to type: Other.Type) -> LanguageModel<Other> {
    LanguageModel<Other>(unchecked: network.converted(to: type), vocabulary)
  }

  private init(unchecked network: Network<Element>, _ vocabulary: Vocabulary) {
    (self.network, self.vocabulary) = (network, vocabulary)
  }
}

/// Why a network is no model of a language, or does not get through a text.
public enum LanguageModelError: Error, Equatable, Sendable, CustomStringConvertible {
  /// It reads or says another number of tokens than the vocabulary has.
  case sizes(vocabulary: Int, read: Int, said: Int)
  /// It has read what it is to say: a direction reads backwards, or there is an encoder.
  case readsAhead
  /// A state left the range at a token of the text, from 1.
  case diverged(token: Int)
  /// There is nothing to predict.
  case tooShort(tokens: Int, level: TokenLevel)

  public var description: String {
    switch self {
    case .sizes(let vocabulary, let read, let said):
      "the vocabulary has \(vocabulary) tokens, and the network reads \(read) and says \(said); all three must be equal"
    case .readsAhead:
      "the network reads backwards or has an encoder, and so has read what it is to say; give a network of layers that are "
        + "read forward"
    case .diverged(let token):
      "a state leaves the range of the precision at token \(token) of the text"
    case .tooShort(let tokens, let level):
      "the text has \(tokens) \(level.noun)s; at least 2 are needed, of which the second can be told"
    }
  }
}
