import Experiments
import GradientFlow

extension Facets {
  /// Where lengths stand among what figures of trainings draw apart.
  enum Lengths: Sendable {
    /// Next to cells and rules.
    case early
    /// Only where nothing else varies; the longest else.
    case last
    /// They are the x axis.
    case along
  }

  /// The trials of trainings: curves are cells or rules, whichever are more, or else what varies first; panels are
  /// what else varies, as far as there is room.
  ///
  /// - Parameter places: what it makes of layers; drawn, they are panels before all else.
  init(
    trainings records: RunRecords, _ lengths: Lengths, limits: (panels: Int, hues: Int) = (6, 7),
    places: Places = .ofNetworks
  ) {
    let choice = records.choice
    var trials = places == .ofNetworks ? records.networks : records.layers(joiningParts: true)
    func count(_ dimension: Dimension) -> Int { trials.lazy.map(dimension.key).distinct.count }
    let methods: [Dimension] = count(.cells) >= count(.rules) ? [.cells, .rules] : [.rules, .cells]
    let others = Axis.all.filter { ![.seed, .cell, .forgetBias, .clip, .sequenceLength].contains($0) }
      .map { Dimension($0) }
    let length = Dimension(.sequenceLength)
    let all = count(length)
    let taken = [choice.hue, choice.panel].compactMap { $0 }.map { Dimension(chosen: $0) }
    var free = (methods + (lengths == .early ? [length] : []) + others).filter { dimension in
      dimension.varies(in: trials) && dimension.isFree(of: taken)
    }
    var isLongest = false
    if lengths == .last, !taken.contains(length), all > 1 {
      isLongest = !free.isEmpty
      let longest = trials.lazy.map(\.sequenceLength).max()
      if isLongest { trials.removeAll { $0.sequenceLength != longest } } else { free = [length] }
    }
    let hue = choice.hue == nil && !free.isEmpty ? free.removeFirst() : methods[0]
    var panel: [FigureAxis] = []
    for dimension in free
    where panel.isEmpty || count(Dimension(axes: panel + dimension.axes)) <= limits.panels {
      panel += dimension.axes
    }
    // A panel of a loss is named by its length; else what does not vary stands in the caption.
    let rest: Dimension = lengths != .early ? Dimension(.precision) : hue == length ? .cells : length
    self.init(
      trials, choice, x: lengths == .along ? [length] : [], hue: hue,
      panel: panel.isEmpty ? rest : Dimension(axes: panel), limits: limits, places: places)
    if isLongest { omissions.append("T: the longest of \(all)") }
  }

  /// What is learnt, for titles.
  var task: String { slice.layers.first.map { Markup.plain($0.task.label) } ?? "the task" }

  /// What tells its curves apart on the whole page, for sentences.
  ///
  /// - Parameter length: whether it names lengths.
  func telling(length: Bool) -> Dimension {
    let axes = (hue.axes + panel.axes).distinct
    func varying(_ axes: [FigureAxis]) -> [FigureAxis] {
      axes.filter { axis in
        Dimension(axes: [axis]).varies(in: slice.layers)
          || axis == .trial(.cell) && Dimension.cells.varies(in: slice.layers)
      }
    }
    let found = varying(axes.filter { length || $0 != .trial(.sequenceLength) })
    if !found.isEmpty { return Dimension(axes: found) }
    return .cells
  }

  /// A row a panel, in it a place a curve; nil where there is one of either.
  func grid(_ shown: [TrainingSeeds]) -> PanelGrid? {
    guard panels.count > 1, hues.count > 1 else { return rows?.only(shown.map(\.panel)) }
    return PanelGrid(columns: hues.count, slots: shown.map { $0.panel * hues.count + $0.hue })
  }

  /// What a panel of one curve alone is called.
  func title(_ seeds: TrainingSeeds) -> String {
    let (hue, panel) = (hues[seeds.hue].label, panels[seeds.panel].label)
    if hues.count == 1 { return panels.count == 1 ? seeds.label : panel }
    return panels.count == 1 ? hue : "\(hue), \(panel)"
  }
}
