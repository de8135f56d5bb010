/// What a tensor beside the recurrent layers may be, told from its name and shape.
enum TensorRole: Equatable {
  /// Rows of numbers by token id.
  case embedding
  /// h_0 or c_0 that the model learned.
  case initialHidden, initialCell
  /// Stands between the recurrent layers and the readout by its name, whatever its shape.
  case between
  /// Any other.
  case other

  init(name: String) {
    let parts = KerasName.parts(name).map { $0.lowercased() }
    let leaf = parts.last ?? ""
    if let state = Self.state(leaf) {
      self = state
    } else if parts.contains(where: Self.namesEmbedding) {
      self = .embedding
    } else if parts.contains(where: { part in Self.marksBetween.contains { part.contains($0) } }) {
      self = .between
    } else {
      self = .other
    }
  }

  private static let marksBetween = ["attn", "attention", "pool", "norm"]

  /// `embed`, `tok_emb`, `word_embeddings`, `wte`.
  private static func namesEmbedding(_ part: String) -> Bool {
    let words = part.split(separator: "_")
    return words.contains { $0.hasPrefix("emb") }
      || ["wte", "lookup", "tok", "token", "tokens", "lut"].contains(part)
  }

  /// `h0`, `h_0`, `init_h`, `initial_hidden`, `hidden_init`, `hx`, and the same of c.
  private static func state(_ leaf: String) -> TensorRole? {
    let words = leaf.split(separator: "_").map(String.init)
    let marks: Set<String> = ["0", "init", "initial", "learned", "start", "state", "states"]
    let hidden: Set<String> = ["h", "h0", "hx", "hidden", "hid", "hinit", "inith"]
    let cell: Set<String> = ["c", "c0", "cx", "cell", "cinit", "initc"]
    // rnn_init_hidden is of its module as init_hidden is.
    let modules: Set<String> = ["rnn", "lstm", "gru", "enc", "dec", "encoder", "decoder"]
    let rest = words.filter { !marks.contains($0) && !modules.contains($0) }
    let isMarked =
      words.contains(where: marks.contains)
      || ["h0", "hx", "hinit", "inith", "c0", "cx", "cinit", "initc"].contains(leaf)
    guard isMarked else { return nil }
    if rest.isEmpty {
      // initial_state, init_state: of a cell without c.
      return words.contains("state") || words.contains("states") ? .initialHidden : nil
    }
    guard rest.count == 1 else { return nil }
    if hidden.contains(rest[0]) { return .initialHidden }
    return cell.contains(rest[0]) ? .initialCell : nil
  }
}
