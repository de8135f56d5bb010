extension Unicode.Scalar {
  /// Whether it shows as itself in a message, on its line.
  package var isPrintable: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse:
      return false
    default: return true
    }
  }
}

extension String {
  /// The beginning of a text, each scalar in the form it is given, as many as fit.
  ///
  /// - Parameter limit: scalars, not characters, which may join any number of them.
  package static func excerpt(
    of text: String, limit: Int, _ form: (Unicode.Scalar) -> String
  ) -> (text: String, isWhole: Bool) {
    var shown = ""
    for scalar in text.unicodeScalars {
      let piece = form(scalar)
      guard shown.unicodeScalars.count + piece.unicodeScalars.count <= limit else { return (shown, false) }
      shown += piece
    }
    return (shown, true)
  }
}
