import Experiments
import GradientFlow
import TestSupport
import Testing

@Suite("Where a gradient vanishes along an axis") struct WordRangesTests {
  private func words(_ trends: [Trend?], axis: String = "ρ = ") -> String {
    WordRanges(
      trends.enumerated().map { ("\($0)", $1?.words(ofTotal: false) ?? "has no rate") }, axis: axis
    ).words
  }

  @Test func rangesAreNamedByTheirEnds() {
    #expect(
      words([.falls, .falls, .falls, .open, .grows, .grows])
        == "vanishes up to ρ = 2, is not distinguishable from constant at 3, explodes from 4")
    #expect(words([.falls, .falls, .falls]) == "vanishes at every ρ")
    #expect(words([.falls, .falls]) == "vanishes at ρ = 0 and 1")
    #expect(words([.falls]) == "vanishes at ρ = 0")
    #expect(words([.falls, .grows, .grows, .falls]) == "vanishes at ρ = 0 and at 3, explodes at 1 and 2")
    #expect(
      words([nil, .steady, .steady, .steady, .edge], axis: "")
        == "has no rate at 0, keeps its gradient from 1 to 3, is near the edge at 4")
    #expect(words([]) == "")
  }

  /// Read back, the words say of every value what it does, and of none anything else.
  @Test func everyValueIsToldOnce() throws {
    var random = SeededGenerator(seed: 15)
    let trends: [Trend?] = [.falls, .grows, .steady, .open, .edge, .singleFalls, .singleGrows, nil]
    for _ in 0..<500 {
      var found: [Trend?] = []
      for _ in 0..<random.number(1...9) {
        let trend = random.chance(oneIn: 2) ? found.last ?? .falls : random.one(of: trends)
        found.append(trend)
      }
      let text = words(found)
      var told = [Trend??](repeating: nil, count: found.count)
      for trend in Set(found) {
        let verb = trend?.words() ?? "has no rate"
        guard let start = text.range(of: verb + " ") else {
          Issue.record("\(verb) is not in \(text)"); return
        }
        let rest = text[start.upperBound...]
        let ends = Set(found).subtracting([trend]).compactMap { other in
          rest.range(of: ", " + (other?.words() ?? "has no rate"))?.lowerBound
        }
        let places = rest[..<(ends.min() ?? rest.endIndex)].replacing("ρ = ", with: "")
        if let count = places.firstMatch(of: /^at (\d) of (\d) values of ρ$/) {
          #expect(Int(count.1) == found.count { $0 == trend } && Int(count.2) == found.count)
          for k in found.indices where found[k] == trend { told[k] = .some(trend) }
        } else if places == "at every ρ" {
          told = told.map { _ in .some(trend) }
        }
        for match in places.matches(of: /up to (\d)/) {
          for k in 0...(Int(match.1) ?? 0) { told[k] = .some(trend) }
        }
        for match in places.matches(of: /from (\d)( to (\d))?/) {
          let last = match.3.flatMap { Int($0) } ?? found.count - 1
          for k in (Int(match.1) ?? 0)...last { told[k] = .some(trend) }
        }
        for match in places.matches(of: /at (\d)(?! of)( and (\d))?/) {
          for k in [match.1, match.3 ?? match.1].compactMap({ Int($0) }) { told[k] = .some(trend) }
        }
      }
      #expect(told == found.map { .some($0) }, "\(text)")
    }
  }
}
