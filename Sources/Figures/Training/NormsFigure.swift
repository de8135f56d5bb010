import Experiments
import Foundation
import GradientFlow
import TextFiles

/// The norm of the whole gradient before and after clipping against update, below it the share of updates that were
/// clipped; a panel a rule and cell, of one seed.
struct NormsFigure: RunFigure {
  let name: FigureName = "norms"
  let question = "How does clipping change gradients during training, and why does a run fail?"
  let subject = FigureSubject.training
  let isOfNetworks = true
  let fixedX: String? = "the update"
  let profileColumns = SeedTraining.verdictColumns

  private static let before = CurveStyle(.black, [], 7, width: 1.4)
  private static let after = CurveStyle(.vermillion, [12, 5], 11, width: 1.6)

  func plot(of records: RunRecords) throws -> Plot {
    let facets = Facets(trainings: records, .last, limits: (3, 3))
    let groups = try TrainingSeeds.all(facets, records)
    let seed = groups.tellingSeed
    let courses = groups.map { NormsCourse($0, seed: seed) }
    guard courses.contains(where: { !$0.updates.isEmpty }) else {
      throw FigureOmission(reason: "no training run on the longest sequences has made an update")
    }
    let trainings = courses.map(\.training)
    let axes = PanelAxis.alike(courses.map(\.values), fill: 0.2) { values in
      .decades("norm of the whole gradient", values, tics: 5, headroom: courses.count > 2 ? 0.18 : 0.12)
    }
    let isCommon = axes.allSatisfy { $0 == axes[0] }
    let size = courses.map(\.binSize).max() ?? 1
    var plot = Plot(
      self,
      columns: TrainingSeeds.columnsBesideSeed(facets) + [
        "seed", "update", "log10_grad_before", "log10_grad_before_max", "log10_grad_after", "engaged", "zero",
      ],
      title: "Gradients while learning \(Markup.plain(trainings[0].trial.task.label))",
      statement: groups.bestFirst.sentence { group in
        group.outcomeWords + (ClipWords(group).map { " (\($0.role))" } ?? "")
      },
      caption: FigureCaption(
        records, facets.slice, statistic: nil,
        notes: [size == 1 ? "one point per update" : "each point: mean of log10 over up to \(size) updates"]
          + (isCommon ? [] : ["each panel has a y axis of its own"]) + groups.note(seed: seed)
          + reasons(courses)
          + facets.omissions,
        showsTotals: false),
      legend: Legend.entry("before clipping (shaded: largest)", .line, Self.before)
        + Legend.entry(
          "after clipping (below: share)", .line, Self.after,
          if: courses.contains(where: \.clips))
        + Legend.entry("threshold", .threshold, if: courses.contains { $0.log10Threshold != nil })
        + EndMark.legend(
          solved: trainings.contains { $0.solvedAt != nil },
          diverged: trainings.contains { $0.divergedAt != nil }),
      grid: facets.grid(groups))
    let longest = courses.map(\.training.end).max() ?? 1
    for (course, y) in zip(courses, axes) {
      let x = PanelAxis.updates(to: course.training.end, of: longest)
      var panel = Panel("\(facets.title(course.seeds)): \(course.training.outcomeWords)", x: x, y: y)
      panel.notes = notes(course)
      draw(course, &panel, &plot)
      plot.panels.append(panel)
    }
    return plot
  }

  private func draw(_ course: NormsCourse, _ panel: inout Panel, _ plot: inout Plot) {
    // A rule that diverges at its first update has a panel that says so.
    let block = plot.append(course.rows)
    var strip = Panel("", x: panel.x, y: .clippedShare)
    if let threshold = course.log10Threshold { panel.level(threshold, .threshold) }
    panel.line(
      block, x: "update", y: "log10_grad_before", band: ("log10_grad_before", "log10_grad_before_max"),
      Self.before)
    if course.clips {
      panel.line(block, x: "update", y: "log10_grad_after", Self.after)
      strip.line(block, x: "update", y: "engaged", band: ("engaged", "zero"), Self.after.solid)
    }
    let training = course.training
    let hasEnd = training.solvedAt == training.end || training.divergedAt != nil
    if hasEnd, let last = course.updates.last, let level = (course.clips ? course.after : course.before).last
    {
      panel.spots(
        [(Double(last), level)],
        EndMark.style(course.clips ? .vermillion : .black, solved: training.divergedAt == nil),
        size: EndMark.size)
    }
    if !course.clips || block == nil { strip.notes = [course.clips ? "no update" : "no clip"] }
    panel.strip = [strip]
  }

  /// What the clip did to the seed that is drawn and to all, kept apart.
  private func notes(_ course: NormsCourse) -> [String] {
    let (seeds, training) = (course.seeds, course.training)
    guard let own = training.verdict.engaged, let all = ClipWords(seeds) else { return [] }
    guard seeds.trainings.count > 1 else { return ["clips \(all.percent)"] }
    return [
      "seed \(training.trial.seed), drawn: clips \(ClipWords.percent(own))",
      "\(seeds.seedWords): \(all.percent) (median)",
    ]
  }

  /// Why what is drawn ended as it did.
  private func reasons(_ courses: [NormsCourse]) -> [String] {
    courses.map { "\($0.seeds.label): \(OutcomeReason($0.training).words)" }
  }
}

extension PanelAxis {
  /// Of the share of updates that were clipped.
  fileprivate static let clippedShare = PanelAxis(
    label: "clipped", low: 0, high: 1.08, tics: [Tic(place: 0, name: "0"), Tic(place: 1, name: "100 %")])
}
