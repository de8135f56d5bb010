import Language

/// The values of a feature beside its text: `#` and `.` for yes and no; digits for numbers, `+` beyond 9.
func marks(_ feature: any TextFeature, _ text: String) -> String {
  let values = feature.values(of: Array(text.unicodeScalars))
  return String(
    values.map { value -> Character in
      switch feature.kind {
      case .yesNo: return value == 1 ? "#" : value == 0 ? "." : "?"
      case .number: return (0...9).contains(value) ? Character("\(Int(value))") : "+"
      }
    })
}

/// As ``marks``, of a feature by its name.
func marks(_ name: String, _ text: String) -> String {
  TextFeatures.named(name).map { marks($0, text) } ?? "no feature \(name)"
}

/// How many characters of a text a feature holds for.
func held(_ name: String, _ text: String) -> Int { marks(name, text).count { $0 == "#" } }
