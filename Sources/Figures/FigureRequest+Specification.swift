import Experiments
import TextFiles

extension FigureSet {
  /// The figures that a specification asks for; if it does not say, all that are of such a run.
  ///
  /// - Throws: ``SpecificationError`` with the place of a name, a size or an axis that a figure cannot have.
  public static func requests(
    of specification: SweepSpecification
  ) throws(SpecificationError) -> [FigureRequest] {
    guard let wanted = specification.figures else { return all(of: specification).map(FigureRequest.init) }
    var requests: [FigureRequest] = []
    for figure in wanted {
      let request = try FigureRequest(figure, of: specification)
      guard !requests.contains(where: { $0.fileName == request.fileName }) else {
        throw (figure.name ?? figure.figure).error(
          .repeatedValue, "would be the second figure of this list with files \(request.fileName).*",
          allowed: "a name of its own, as in name: \(request.fileName)-2")
      }
      requests.append(request)
    }
    return requests
  }
}

extension FigureRequest {
  fileprivate init(
    _ wanted: FigureSpecification, of specification: SweepSpecification
  ) throws(SpecificationError) {
    let name = try Self.named(wanted.figure, key: nil, among: FigureName.allCases)
    let figure = name.figure
    if let objection = figure.subject.objection(to: specification) {
      throw wanted.figure.error(.contradiction, "cannot be drawn: \(objection)")
    }
    if let axis = wanted.x, let x = figure.fixedX {
      throw wanted.figure.error(
        .contradiction, key: "x", "cannot have \(axis.name) as its x axis, which is \(x)")
    }
    var canvas = CanvasChoice()
    canvas.preset = try wanted.preset.map { (word) throws(SpecificationError) in
      try Self.named(word, key: "preset", among: Canvas.Preset.allCases)
    }
    canvas.texts = try wanted.title.map { (word) throws(SpecificationError) in
      try Self.named(word, key: "title", among: Canvas.Texts.allCases)
    }
    canvas.ink = try wanted.ink.map { (word) throws(SpecificationError) in
      try Self.named(word, key: "ink", among: Canvas.Ink.allCases)
    }
    canvas.size = try wanted.size.map { (word) throws(SpecificationError) in
      try Self.checked(word, key: "size") { () throws(CanvasError) in try CanvasSize(word.text) }
    }
    canvas.fontSize = try wanted.fontSize.map { (word) throws(SpecificationError) in
      try Self.checked(word, key: "font_size") { () throws(CanvasError) in try Canvas.fontSize(word.text) }
    }
    var request = FigureRequest(name)
    let (word, key) =
      wanted.size.map { ($0, "size") } ?? wanted.fontSize.map { ($0, "font_size") } ?? (
        wanted.figure, "figure"
      )
    try Self.checked(word, key: key) { () throws(CanvasError) in
      try request.choose(
        wanted.selection, FigureChoice(x: wanted.x, hue: wanted.hue, panel: wanted.panel), canvas: canvas,
        name: wanted.name?.text)
    }
    if let objection = request.objection {
      throw wanted.figure.error(.contradiction, "cannot be drawn so: \(objection)")
    }
    self = request
  }

  /// One of some values by its name.
  private static func named<Value: RawRepresentable<String>>(
    _ word: FigureSpecification.Word, key: String?, among values: [Value]
  ) throws(SpecificationError) -> Value {
    if let value = values.first(where: { $0.rawValue == word.text }) { return value }
    let names = values.map(\.rawValue)
    throw word.error(
      .unknownName, key: key, "is not one of the choices", allowed: names.joined(separator: ", "),
      suggestion: NearestName.of(word.text, among: names))
  }

  private static func checked<Value>(
    _ word: FigureSpecification.Word, key: String, _ read: () throws(CanvasError) -> Value
  ) throws(SpecificationError) -> Value {
    do { return try read() } catch {
      throw word.error(.outOfRange, key: key, error.problem, allowed: error.allowed)
    }
  }
}
