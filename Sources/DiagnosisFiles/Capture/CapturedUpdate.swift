import Foundation
import GradientFlow
import Specification
import TextFiles

/// What was captured of one update: modules with what they read and what came back, and their parameters with autograd's
/// own gradients.
public struct CapturedUpdate: Sendable {
  /// A recurrent module.
  struct Module: Sendable {
    let name, className: String
    let cell: CellKind
    let layerCount: Int
    let isBidirectional: Bool
    let inputSize, hiddenSize: Int
    let type: CapturedType
    let arrays: CapturedFile?
    /// By layer, then by direction, the numbers of the parameters.
    let layers: [[Parameters]]
    let sequences: [Sequence]
    let problem: String?
  }

  /// The parameters of one direction of a layer, by their numbers.
  struct Parameters: Sendable {
    let weightIH, weightHH: Int
    let biasIH, biasHH: Int?

    /// With PyTorch's names of their gradients.
    func named(_ place: LayerPlace) -> [(name: String, parameter: Int)] {
      [
        ("weight_ih", Optional(weightIH)), ("weight_hh", weightHH), ("bias_ih", biasIH), ("bias_hh", biasHH),
      ].compactMap { stem, parameter in parameter.map { (place.name(stem), $0) } }
    }
  }

  /// What a module read at one go.
  struct Sequence: Sendable {
    let arrays: CapturedFile
    let steps, batch: Int
    let isPacked: Bool
    let problem: String?
  }

  /// A tensor that is trained, or could be.
  struct Parameter: Sendable {
    let name: String
    let shape: [Int]
    let file, key: String
    let isTrained: Bool
    /// The key of autograd's gradient; nil where there is none.
    let gradient: String?
    let isUsedElsewhere: Bool
  }

  public let number: Int
  /// nil where backward was called on no scalar.
  public let loss: Double?
  let folder: String
  let modules: [Module]
  let parameters: [Parameter]
  /// Modules that look recurrent and were not captured, and why; and other notes.
  public let notes: [String]

  /// Reads what an update has, without its arrays.
  ///
  /// - Throws: ``CaseError`` for a file that is missing, was edited or cut short, or is of another version.
  public init(_ update: CaptureFolder.Update, of capture: CaptureFolder) throws(CaseError) {
    folder = PathName.joined(capture.path, update.folder)
    let file = PathName.joined(folder, "update.json")
    do throws(SpecificationError) {
      let about = try CaptureFolder.members(of: file, digest: (update.digest, CaptureFolder.index))
      try CaptureFolder.check(about, format: "gradflow-capture-update")
      number = try about.value("update", .whole(0...Int.max))
      guard number == update.number else {
        throw try about.required("update").error(
          .contradiction, key: "update", "is not the number that \(CaptureFolder.index) states",
          allowed: "\(update.number)")
      }
      loss = try about.optional("loss", .real("numbers") { $0.isFinite })
      var parameters: [Parameter] = []
      for entry in try about.objects("parameters") {
        var shape: [Int] = []
        for extent in try entry.list("shape") {
          shape.append(try ValueRule<Int>.whole(0...1 << 40).read(extent, "shape"))
        }
        parameters.append(
          Parameter(
            name: try entry.string("name"), shape: shape, file: try Self.name(entry, "file"),
            key: try entry.string("key"), isTrained: try entry.boolean("trained"),
            gradient: try entry.optionalString("gradient"),
            isUsedElsewhere: try entry.boolean("used_elsewhere")))
      }
      self.parameters = parameters
      var modules: [Module] = []
      for entry in try about.objects("modules") { modules.append(try Self.module(entry, parameters.count)) }
      self.modules = modules
      var notes: [String] = []
      for entry in try about.objects("not_captured") {
        notes.append(
          "not captured: \(try entry.string("name")) (\(try entry.string("class"))): \(try entry.string("reason"))"
        )
      }
      for note in try about.list("notes") {
        if case .scalar(let text, isQuoted: true) = note.content { notes.append(Excerpt.line(text)) }
      }
      self.notes = notes
    } catch {
      throw CaseError(error, advice: "files of a capture are not to be edited: capture again")
    }
  }

  /// A name of a file inside the folder.
  private static func name(_ entry: Members, _ key: String) throws(SpecificationError) -> String {
    let name = try entry.string(key)
    guard name == PathName.last(of: name), !name.isEmpty, !name.hasPrefix("."), !name.contains("\0") else {
      throw try entry.required(key).error(
        .outOfRange, key: key, "is no name of a file inside the folder", allowed: "m0.npz, m0-c0.npz, …")
    }
    return name
  }

  private static func module(_ entry: Members, _ count: Int) throws(SpecificationError) -> Module {
    let sizes = ValueRule<Int>.whole(1...1_000_000_000)
    let ids = ValueRule<Int>.whole(0...Swift.max(0, count - 1))
    var layers: [[Parameters]] = []
    for layer in try entry.list("layers") {
      guard case .list(let directions) = layer.content else {
        throw layer.error(.wrongType, key: "layers", "is not a list", allowed: "[[{…}], …]")
      }
      var own: [Parameters] = []
      for direction in directions {
        let names = try Members(direction, key: "layers")
        own.append(
          Parameters(
            weightIH: try names.value("weight_ih", ids), weightHH: try names.value("weight_hh", ids),
            biasIH: try names.optional("bias_ih", ids), biasHH: try names.optional("bias_hh", ids)))
      }
      layers.append(own)
    }
    var sequences: [Sequence] = []
    for sequence in try entry.objects("sequences") {
      sequences.append(
        Sequence(
          arrays: CapturedFile(name: try name(sequence, "file"), digest: try sequence.string("sha256")),
          steps: try sequence.value("steps", sizes), batch: try sequence.value("batch", sizes),
          isPacked: try sequence.boolean("packed"),
          problem: try sequence.optionalString("problem").map { Excerpt.line($0) }))
    }
    let cells: [String: CellKind] = [
      "lstm": .lstm, "gru": .gru, "rnn_tanh": .rnn, "rnn_relu": .rnnRelu,
    ]
    let cellName = try entry.value("cell", .named(among: cells.keys.sorted(), as: \.self))
    let problem = try entry.optionalString("problem").map { Excerpt.line($0) }
    let file = problem == nil ? try name(entry, "file") : try entry.optionalString("file")
    return Module(
      name: try entry.string("name"), className: try entry.string("class"), cell: cells[cellName] ?? .lstm,
      layerCount: try entry.value("layer_count", sizes), isBidirectional: try entry.boolean("bidirectional"),
      inputSize: try entry.value("input_size", sizes), hiddenSize: try entry.value("hidden_size", sizes),
      type: try entry.value("type", .named()),
      arrays: try file.map { (file) throws(SpecificationError) in
        CapturedFile(name: file, digest: try entry.string("sha256"))
      }, layers: layers, sequences: sequences, problem: problem)
  }
}

/// The type that a captured module was computed in, with what its rounding leaves to compare.
enum CapturedType: String, CaseIterable, Sendable {
  case float64, float32, float16, bfloat16

  /// The largest relative difference from the same computation in float64 that is put down to rounding.
  var tolerance: Double {
    switch self {
    case .float64: 1e-9
    case .float32: 1e-4
    case .float16: 2e-2
    case .bfloat16: 1e-1
    }
  }
}

/// A file of arrays of a captured update, with the digest that its index states.
struct CapturedFile: Sendable {
  let name, digest: String

  /// Reads it.
  ///
  /// - Throws: ``CaseError`` or `ModelFileError` for a file that is missing, was edited or cut short.
  func arrays(in folder: String) throws -> NPZFile {
    let path = PathName.joined(folder, name)
    let data: Data
    do {
      data = try InputFile.bytes(at: path, limit: 1 << 32, mustBeRegular: true)
    } catch {
      throw CaseError(error, advice: "the capture is not whole; capture again")
    }
    guard SHA256.hash(data).hexadecimal == digest else {
      throw CaseError(
        .malformed, place: path,
        problem:
          "is not the file that update.json states the sha256 of: it was edited or cut short; capture again")
    }
    return try ModelFileError.locating(file: path, try NPZFile(bytes: Array(data)))
  }
}
