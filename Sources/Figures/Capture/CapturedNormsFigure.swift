import Experiments
import Foundation
import GradientFlow
import TextFiles

/// The norm of the gradient of each module's weights against update, before any clip, and the loss below it. A panel a
/// module.
struct CapturedNormsFigure: CaptureFigure {
  let name = CaptureFigureName.norms
  let question = "How large are the gradients of each module while a network learns?"

  private static let gradient = CurveStyle(.black, [], 7, width: 1.4)
  private static let loss = CurveStyle(.vermillion, [], 11, width: 1.6)
  private static let limit = 6

  func plot(of evolution: CaptureEvolution) throws -> Plot {
    let modules = evolution.modules.filter { $0.updates.count > 1 }.suffix(Self.limit)
    guard !modules.isEmpty else {
      throw FigureOmission(reason: "fewer than two updates of a module were captured")
    }
    let norms = modules.map { $0.updates.map(\.log10Gradient) }
    let axes = PanelAxis.alike(norms, fill: 0.2) { values in
      .decades("‖∂L/∂weights‖", values, tics: 5, headroom: 0.12)
    }
    let losses = modules.flatMap { $0.updates.compactMap(\.loss) }
    var plot = Plot(
      self, columns: ["module", "update", "log10_grad", "loss"],
      title: "Gradients of each module during training", statement: statement(Array(modules)),
      caption: FigureCaption(
        evolution,
        notes: [
          "norm over all weights of the module, before any clip of the program's",
          "one point every \(Brief.grouped(evolution.every)) updates",
        ]
          + (evolution.modules.count > modules.count
            ? ["\(modules.count) of \(evolution.modules.count) modules"] : [])
      ),
      legend: Legend.entry("gradient", .line, Self.gradient)
        + Legend.entry("loss (below)", .line, Self.loss, if: !losses.isEmpty))
    let longest = modules.compactMap { $0.updates.last?.number }.max() ?? 1
    for (module, y) in zip(modules, axes) {
      let x = PanelAxis.updates(to: module.updates.last?.number ?? 1, of: longest)
      var panel = Panel(Markup.plain("module \(module.name)"), x: x, y: y)
      let block = plot.append(
        module.updates.map { update in
          [
            Field(module.name), Field(update.number), .drawn(update.log10Gradient),
            .drawn(update.loss ?? .nan),
          ]
        })
      panel.line(block, x: "update", y: "log10_grad", Self.gradient)
      if !losses.isEmpty {
        var strip = Panel("", x: x, y: .losses(losses))
        strip.line(block, x: "update", y: "loss", Self.loss)
        panel.strip = [strip]
      }
      plot.panels.append(panel)
    }
    return plot
  }

  private func statement(_ modules: [CaptureEvolution.Module]) -> String {
    "‖∂L/∂weights‖ at the first → last update drawn: "
      + modules.map { module in
        let ends = [module.updates.first, module.updates.last].map { update -> String in
          guard let size = update?.log10Gradient else { return "" }
          return size.magnitude < 3 ? Brief.number(pow(10, size)) : Brief.power(size)
        }
        let name = modules.count == 1 ? "" : Markup.plain(module.name) + " "
        return "\(name)\(ends[0]) → \(ends[1])"
      }.joined(separator: "; ")
  }
}

extension PanelAxis {
  /// Of losses, from 0 or the least of them.
  fileprivate static func losses(_ values: [Double]) -> PanelAxis {
    let finite = values.filter(\.isFinite)
    let low = Swift.min(0, finite.min() ?? 0)
    let high = Swift.max(finite.max() ?? 1, low + 1e-300)
    let step = niceStep((high - low) / 2.2)
    return PanelAxis(
      label: "loss", low: low, high: high + 0.08 * (high - low),
      tics: round(from: low, to: high, step: step).map { Tic(place: $0, name: Brief.tic($0, step: step)) })
  }
}
