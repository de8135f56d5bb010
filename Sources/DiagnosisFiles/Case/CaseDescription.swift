import GradientFlow
import Specification
import TextFiles

/// `case.json`: sizes, cell, loss and where the initial state comes from. It may have other keys, which are not read.
struct CaseDescription {
  /// Where h_0 and c_0 come from.
  enum InitialStateSource: String, CaseIterable {
    case zero, file
  }

  package let name: String
  package let cell: CellKind
  package let shape: SequenceShape
  package let initialState: InitialStateSource
  let lossKind: LossKind
  /// Nil without a readout, which only ``LossKind/finalDot`` does without.
  package let readoutSize: Int?

  package init(contentsOf path: String) throws(CaseError) {
    do throws(SpecificationError) {
      let data = try InputFile.bytes(at: path, limit: JSONSource.byteLimit, mustBeRegular: true)
      let text = try InputFile.text(of: data, at: path)
      let about = try Members(JSONSource.root(of: text, file: path), of: "a case")
      name = try about.string("name")
      cell = try Self.cell(about)
      let sizes = ValueRule<Int>.whole(1...1_000_000_000)
      shape = SequenceShape(
        steps: try about.value("sequence_length", sizes), batch: try about.value("batch_size", sizes),
        inputSize: try about.value("input_size", sizes), hiddenSize: try about.value("hidden_size", sizes))
      initialState = try about.value("initial_state", .named())
      let loss = try Members(about.required("loss"), key: "loss")
      lossKind = try loss.value("kind", .named(among: LossKind.ofCases, as: Self.name))
      readoutSize = try loss.optional("readout_size", sizes)
      if lossKind != .finalDot, readoutSize == nil {
        throw loss.node.error(
          .missingKey, key: "loss", "has no 'readout_size', which \(Self.name(of: lossKind)) needs",
          allowed: sizes.allowed)
      }
    } catch {
      throw CaseError(
        error,
        advice: error.kind == .missingFile
          ? "a case is a directory with case.json, weights.safetensors and inputs.npy" : nil)
    }
  }

  /// A loss by the name of the format, which has '_' where others have '-'.
  @Sendable private static func name(of kind: LossKind) -> String {
    kind.rawValue.replacing("-", with: "_")
  }

  /// The cell by this package's names.
  private static func cell(_ about: Members) throws(SpecificationError) -> CellKind {
    let activation = try about.optional("activation", ValueRule<Activation>.named())
    let cell = try about.value("cell", ValueRule<CellKind>.named(among: [.rnn, .lstm, .gru]))
    guard let activation else { return cell }
    guard cell == .rnn else {
      throw try about.required("activation").error(
        .contradiction, key: "activation", "applies to the rnn cell only", allowed: "null")
    }
    return activation.cell
  }
}
