import Foundation
import Language
import Testing

/// What holds for every feature.
@Suite("Text features")
struct TextFeatureTests {
  /// Prose, programs, markup, and what is damaged of each.
  static let texts = [
    "", "\n", "\r\n\r\n", " ", "\"", "'", "((((", "))))", "/*", "if", "if (", "<a", "[[", "http://",
    "\u{0}\u{FFFD}",
    "He said \"no (or 'maybe')\" at 12:30, see [[this|that]] and http://a.org/b.\n\nNEW LINE.\r\n\tIf so, x.\n",
    "#include <a.h>\n/* a \"b\" // */ int f(int a[2]) { if (a[0] == '\"') return \"x\\\"y\"; } // z\n# w\n",
    "def f(x):\n  if x[1:2] and g('a', \"b\"):  # c\n    return {'k': 0x1F}\n\n\n",
    "“Ça va ?” « oui » e\u{301}té 日本語。次の文！ 🇨🇭 ٣٤ “never closed",
  ]

  @Test func eachHasANameOfItsOwnAndASummary() {
    let names = TextFeatures.all.map(\.name)
    #expect(Set(names).count == names.count)
    for feature in TextFeatures.all {
      #expect(feature.name.allSatisfy { $0 == "_" || ("a"..."z").contains($0) })
      #expect(!feature.summary.isEmpty && !feature.summary.contains("\n"))
      #expect(TextFeatures.named(feature.name)?.summary == feature.summary)
    }
    #expect(TextFeatures.named("none") == nil)
  }

  @Test(arguments: texts) func eachHasAValueOfItsKindForEachScalar(text: String) {
    let scalars = Array(text.unicodeScalars)
    for feature in TextFeatures.all {
      let values = feature.values(of: scalars)
      #expect(values.count == scalars.count)
      switch feature.kind {
      case .yesNo: #expect(values.allSatisfy { $0 == 0 || $0 == 1 }, "\(feature.name)")
      case .number: #expect(values.allSatisfy { $0 >= 0 && $0 == $0.rounded() }, "\(feature.name)")
      }
    }
  }

  // A feature that does not look ahead has the same values whatever follows.
  @Test(arguments: texts) func noOtherFeatureUsesLaterCharacters(text: String) {
    let scalars = Array(text.unicodeScalars)
    for feature in TextFeatures.all where !feature.looksAhead {
      let values = feature.values(of: scalars)
      for end in 0...scalars.count {
        #expect(feature.values(of: Array(scalars[..<end])) == Array(values[..<end]), "\(feature.name)")
      }
    }
    #expect(TextFeatures.all.filter(\.looksAhead).map(\.name) == ["line_end_near"])
  }

  // A hundred thousand characters of the worst texts would take minutes if a feature were not O(n).
  @Test(arguments: ["(", "{", "[", "\"", "if (", "<a ", "x", "\n", "/*", "'", "({[", "1:"])
  func featuresTakeTimeInProportionToTheText(unit: String) {
    let scalars = Array(String(repeating: unit, count: 100_000 / unit.count).unicodeScalars)
    let start = Date()
    for feature in TextFeatures.all { #expect(feature.values(of: scalars).count == scalars.count) }
    #expect(Date().timeIntervalSince(start) < 60)
  }

  // Whatever opens, and is not closed, ends by itself.
  @Test(arguments: TextFeatures.all.filter { $0.kind == .yesNo && $0.name.hasPrefix("inside_") }.map(\.name))
  func nothingStaysOpenToTheEnd(name: String) {
    let opener = "x = ('a \"b { [ [[ <c // http://d if (e /* 0x12:3 “f"
    let rest = String(repeating: " word another", count: 2000)
    for text in ["\"", "“", "(", "[", "{", "/*", "<a", "if (", "a = '", "[[", "http://", "//", opener] {
      #expect(marks(name, text + rest).last == "." || marks(name, text + rest + "\n\nx").last == ".")
    }
  }
}
