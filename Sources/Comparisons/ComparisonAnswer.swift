import GradientFlow
import Specification

/// What a comparison found, in at most four lines: what the reference cell does along the main axis, what the others
/// do, whether it is the same for the other values of what else varies, and in the other layers and directions. All but the
/// last speak of the last layer, read forward.
public struct ComparisonAnswer: Sendable, Equatable {
  /// None where no trial is finished.
  public let lines: [String]

  /// - Parameter groups: all of the run, in grid order.
  package init(_ groups: [GroupComparison]) {
    guard let series = AnswerSeries(groups) else {
      lines = []
      return
    }
    lines = [series.reference, series.others, series.elsewhere, series.otherLayers].compactMap { $0 }
  }
}

/// The groups that an answer is about, and those that it is compared with.
private struct AnswerSeries {
  /// What varies among the groups, apart from the main axis.
  private let fixed: [Axis]
  /// nil where nothing varies along which one could go.
  private let x: Axis?
  /// By the main axis.
  private let main: [Point]
  private let all: [Point]
  /// Of other layers and directions.
  private let otherPlaces: [Point]

  /// A group and what was found there.
  private struct Point {
    let trial: TrialParameters
    let group: ComparisonGroup
    let variants: [CellVariant: VariantJudgement]
    let order: [CellVariant]

    init(_ comparison: GroupComparison) {
      (trial, group) = (comparison.group.trial, comparison.group)
      let found = Verdict(comparison.group, comparison.variants).judgements
      variants = Dictionary(zip(comparison.variants.map(\.variant), found)) { first, _ in first }
      order = comparison.variants.map(\.variant)
    }
  }

  init?(_ groups: [GroupComparison]) {
    let points = groups.map(Point.init)
    var furthest: [TrialParameters: ComparisonGroup] = [:]
    for point in points where furthest[point.trial].map(point.group.isFurther) ?? true {
      furthest[point.trial] = point.group
    }
    otherPlaces = points.filter { furthest[$0.trial] != $0.group }
    var all = points.filter { furthest[$0.trial] == $0.group }
    guard !all.isEmpty else { return nil }
    let trials = all.map(\.trial)
    // What has one value wherever it applies follows from what decides whether it does.
    let varying = Axis.all.filter { axis in
      ![.cell, .forgetBias, .seed].contains(axis) && Set(trials.compactMap(axis.text)).count > 1
    }
    func isNumeric(_ axis: Axis) -> Bool { trials.allSatisfy { Self.number(axis, $0) != nil } }
    let candidates = [Axis.spectralRadius] + varying.filter { $0 != .sequenceLength && isNumeric($0) }
    let x =
      candidates.first(where: varying.contains) ?? varying.first { $0 == .sequenceLength } ?? varying.first
    self.x = x
    if let x, isNumeric(x) {
      all.sort { Self.number(x, $0.trial) ?? 0 < Self.number(x, $1.trial) ?? 0 }
    }
    self.all = all
    fixed = varying.filter { $0 != x }
    var main = all
    for axis in fixed {
      guard let value = Self.preferred(axis, main) else { continue }
      main = main.filter { axis.text($0.trial) == value }
    }
    self.main = main
  }

  private static func number(_ axis: Axis, _ trial: TrialParameters) -> Double? {
    axis.text(trial).flatMap(Double.init)
  }

  /// The value that an answer is about: the longest sequence, no clip, a loss that hides nothing, else the default or
  /// the first.
  private static func preferred(_ axis: Axis, _ points: [Point]) -> String? {
    let values = points.compactMap { axis.text($0.trial) }
    switch axis {
    case .sequenceLength: return points.map(\.trial.sequenceLength).max().map(String.init)
    case .loss:
      return (points.first { !$0.group.hasLossAtEveryStep } ?? points.first).flatMap { axis.text($0.trial) }
    default: return axis.key.defaultText.flatMap { values.contains($0) ? $0 : nil } ?? values.first
    }
  }

  // MARK: - Words

  /// `ρ = ` of `ρ = 1.5`, and `1.5`.
  private static func parts(_ axis: Axis, _ trial: TrialParameters) -> (symbol: String, value: String) {
    let heading = axis.heading(trial) ?? "none"
    guard let space = heading.lastIndex(of: " ") else { return ("", heading) }
    return (String(heading[...space]), String(heading[heading.index(after: space)...]))
  }

  private func symbol(_ axis: Axis) -> String { Self.parts(axis, all[0].trial).symbol }

  /// `At T = 200 without clipping: `.
  private var place: String {
    let trial = main[0].trial
    let always: [Axis] = [.sequenceLength, .spectralRadius].filter { $0 != x }
    let named = always + fixed.filter { !always.contains($0) && $0 != .clip }
    var text = "At " + named.compactMap { $0.heading(trial) }.joined(separator: ", ")
    if trial.rule.label != "none" {
      text += ", \(trial.rule.label)"
    } else if fixed.contains(.clip) {
      text += " without clipping"
    }
    if let layer = main[0].group.placeWords ?? main[main.count - 1].group.placeWords {
      let isOne = Set(main.map(\.group.place)).count == 1
      text += ", in \(isOne || !main.allSatisfy(\.group.isOfLastLayer) ? layer : "the last layer")"
    }
    let opening = main[0].group.opening
    return text + (opening.isEmpty ? ": " : " (\(opening.dropLast(2))): ")
  }

  /// Where a cell does what along the main axis.
  private func ranges(
    _ variant: CellVariant, in series: [Point]? = nil, _ words: (VariantJudgement) -> String?
  ) -> WordRanges {
    let points = (series ?? main).filter { $0.variants[variant] != nil }
    let isOrdered = x.map { axis in points.allSatisfy { Self.number(axis, $0.trial) != nil } } ?? false
    return WordRanges(
      points.map { point in
        (x.map { Self.parts($0, point.trial).value } ?? "", point.variants[variant].flatMap(words))
      }, axis: x.map(symbol) ?? "", isOrdered: isOrdered)
  }

  private func behaviour(_ variant: CellVariant, in series: [Point]? = nil) -> String {
    let found = (series ?? main).compactMap { $0.variants[variant] }
    if found.count == 1 { return "\(variant.name) \(found[0].behaviour)" }
    let remark = " (one seed, no interval)"
    let isSingle = found.allSatisfy { $0.behaviour.hasSuffix(remark) }
    let words = ranges(variant, in: series) {
      isSingle ? String($0.behaviour.dropLast(remark.count)) : $0.behaviour
    }
    .words
    return "\(variant.name) \(words)\(isSingle ? remark : "")"
  }

  /// `, more slowly than rnn up to ρ = 1.5, faster at 1.75`.
  private func relation(_ variant: CellVariant, to reference: CellVariant) -> String {
    let found = main.compactMap { $0.variants[variant] }
    if found.count == 1 { return found[0].relationWords }
    let phrases = ranges(variant) { judgement in
      switch judgement.relation {
      case .slower: "more slowly"
      case .faster: "faster"
      default: nil
      }
    }.phrases
    let own = ranges(variant, \.behaviour).phrases
    return phrases.enumerated().map { k, phrase in
      // At the very values at which it does what it does.
      let isEverywhere = phrases.count == 1 && own.count == 1 && own[0].place == phrase.place
      return
        ", \(phrase.words)\(k == 0 ? " than \(reference.name)" : "")\(isEverywhere ? "" : " " + phrase.place)"
    }.joined()
  }

  var reference: String? {
    main.first?.order.first.map { place + behaviour($0) + "." }
  }

  var others: String? {
    guard let reference = main[0].order.first else { return nil }
    var variants: [CellVariant] = []
    for variant in main.flatMap(\.order) where variant != reference && !variants.contains(variant) {
      variants.append(variant)
    }
    guard !variants.isEmpty else { return nil }
    let shown = variants.prefix(3).map { behaviour($0) + relation($0, to: reference) }
    let more = variants.count > 3 ? ["\(variants.count - 3) more cells: see the tables"] : []
    return (shown + more).joined(separator: "; ") + "."
  }

  /// What the other values of each axis say, with all else as in the main series.
  var elsewhere: String? {
    let sentences = fixed.compactMap(comparison)
    guard !sentences.isEmpty else { return nil }
    return sentences.joined(separator: "; ") + "." + combinations
  }

  /// Which of the other layers and directions do the same as the one that their network is spoken of by, at the settings of
  /// the main series but for networks of other depths and directions, and what the others do.
  var otherLayers: String? {
    let networks = fixed.filter { [.layers, .bidirectional].contains($0) }
    let rest = fixed.filter { !networks.contains($0) }
    func isBeside(_ point: Point) -> Bool {
      rest.allSatisfy { $0.text(point.trial) == $0.text(main[0].trial) }
    }
    let bases = Dictionary(all.filter(isBeside).map { ($0.trial, $0) }) { first, _ in first }
    let series = otherPlaces.filter(isBeside).grouped { $0.group.placeLabel }.map(\.members)
    guard !series.isEmpty else { return nil }
    func agrees(_ points: [Point]) -> Bool {
      points.allSatisfy { point in bases[point.trial].map { Self.agree($0, point) } ?? true }
    }
    let (agreeing, differing) = (series.filter(agrees), series.filter { !agrees($0) })
    func clause(_ series: [[Point]], _ one: String, _ several: String) -> String? {
      let places = PlaceList(series.map { $0[0].group })
      return series.isEmpty ? nil : "\(places.words) \(places.isOne ? one : several)"
    }
    let hasFewWords = networks.isEmpty && differing.count < 3
    let parts =
      [
        clause(agreeing, "agrees", "agree"), hasFewWords ? nil : clause(differing, "differs", "differ"),
      ].compactMap { $0 }
      + (hasFewWords ? differing : []).map { points in
        "in \(points[0].group.placeWords ?? "") "
          + main[0].order.prefix(3).map { behaviour($0, in: points) }.joined(separator: ", ")
      }
    let text =
      (networks.isEmpty ? "" : "beside the last layer of the same network, ")
      + parts.joined(separator: "; ")
    return text.prefix(1).uppercased() + text.dropFirst() + "."
  }

  /// Whether all cells of a point do the same at another one.
  private static func agree(_ base: Point, _ other: Point) -> Bool {
    base.variants.allSatisfy { variant, judgement in
      other.variants[variant].map { $0.behaviour == judgement.behaviour } ?? true
    }
  }

  private func comparison(_ axis: Axis) -> String? {
    let rest = fixed.filter { $0 != axis }
    let own = axis.text(main[0].trial)
    var (agreeing, hiding, differing): ([TrialParameters], [TrialParameters], [[Point]]) = ([], [], [])
    let series = all.filter { point in
      axis.text(point.trial) != own && rest.allSatisfy { $0.text(point.trial) == $0.text(main[0].trial) }
    }.grouped { axis.text($0.trial) }
    for (_, points) in series {
      if differences(points).isEmpty {
        agreeing.append(points[0].trial)
      } else if points[0].group.hasLossAtEveryStep, !main[0].group.hasLossAtEveryStep {
        hiding.append(points[0].trial)
      } else {
        differing.append(points)
      }
    }
    func clause(_ trials: [TrialParameters], _ one: String, _ several: String) -> String? {
      trials.isEmpty ? nil : "\(list(axis, trials)) \(trials.count == 1 ? one : several)"
    }
    let parts = [
      clause(agreeing, "agrees", "agree"),
      clause(
        hiding, "hides vanishing, as the loss acts at every step",
        "hide vanishing, as the loss acts at every step"),
      boundary(axis, differing)
        ?? clause(differing.map { $0[0].trial }, "differs", "differ").map {
          $0 + places(Set(differing.flatMap(differences)).sorted())
        },
    ].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  /// How far the reference vanishes for each value of another axis, where this is what differs:
  /// `rnn vanishes up to ρ = 1 and 1.25 at input scale 0 and 0.5`.
  private func boundary(_ axis: Axis, _ series: [[Point]]) -> String? {
    guard let x, let reference = main[0].order.first, series.count > 1 else { return nil }
    let ends = series.map { points -> TrialParameters? in
      guard let falling = points.first?.variants[reference]?.trend == .falls ? points : nil else {
        return nil
      }
      let run = falling.prefix {
        $0.variants[reference].map { $0.trend == .falls && !$0.isContradicted } ?? false
      }
      return run.count < points.count ? run.last?.trial : nil
    }
    let known = ends.compactMap { $0 }
    guard known.count == series.count, known.allSatisfy({ Self.number(x, $0) != nil }) else { return nil }
    let isOne = Set(known.map { x.text($0) }).count == 1
    return "\(reference.name) vanishes up to \(list(x, isOne ? Array(known.prefix(1)) : known)) at "
      + list(axis, series.map { $0[0].trial })
  }

  /// The places along the main axis where a series does not do what another one does.
  private func differences(_ series: [Point], from base: [Point]) -> [Int] {
    base.indices.filter { k in
      let value = x.map { $0.text(base[k].trial) }
      guard let other = series.first(where: { point in x.map { $0.text(point.trial) } == value })
      else { return false }
      return !Self.agree(base[k], other)
    }
  }

  private func differences(_ series: [Point]) -> [Int] { differences(series, from: main) }

  private func places(_ places: [Int]) -> String {
    guard let x, main.count > 1 else { return "" }
    if places.count == main.count { return " at every \(WordRanges.symbol(symbol(x)))" }
    if places.count > 3 {
      return " at \(places.count) of \(main.count) values of \(WordRanges.symbol(symbol(x)))"
    }
    return " at \(list(x, places.map { main[$0].trial }))"
  }

  /// `T = 25, 50 and 100`.
  private func list(_ axis: Axis, _ trials: [TrialParameters]) -> String {
    let parts = trials.map { Self.parts(axis, $0) }
    return (parts.first?.symbol ?? "") + parts.map(\.value).listed
  }

  /// Whether what differs from the main series in several axes does something that no single change does.
  private var combinations: String {
    guard fixed.count > 1 else { return "" }
    let own = fixed.map { $0.text(main[0].trial) }
    let series = all.grouped { point in fixed.map { $0.text(point.trial) } }
    let single = series.filter { zip($0.key, own).count { $0 != $1 } == 1 }
    let mixed = series.filter { zip($0.key, own).count { $0 != $1 } > 1 }
    let news = mixed.count { key, points in
      let parents = single.filter { parent in
        zip(zip(parent.key, own), key).allSatisfy { pair, mine in pair.0 == pair.1 || pair.0 == mine }
      }
      return !differences(points).isEmpty
        && parents.allSatisfy { !differences(points, from: $0.members).isEmpty }
    }
    switch (news, mixed.count) {
    case (0, _): return ""
    case (1, 1): return " Both together differ from either alone."
    case (let news, let count) where news == count:
      return " All \(count) combinations differ from each of their changes alone."
    case (let news, let count):
      return " \(news) of \(count) combinations \(news == 1 ? "differs" : "differ") from each of "
        + "\(news == 1 ? "its" : "their") changes alone."
    }
  }
}
