// swift-format-ignore-file: AlwaysUseLowerCamelCase

import GradientFlow
import TestSupport

/// What the library makes of a naive network.
struct LibraryRun<Element: Scalar> {
  let diagnosis: GradientDiagnosis<Element>
  let recorded: RecordedGradients
  let plan: SegmentPlan
  /// h_t and c_t [T+1, B, H]; empty where the tape kept only segments, or there is no c.
  let hiddenStates, cellStates: [Double]

  var steps: StepGradients { diagnosis.steps }
  var gradients: ParameterGradients<Element> { diagnosis.result.gradients }
}

extension NaiveNetwork {
  /// Forward and two backward passes: one with every norm probe, one with a recorder.
  func run<Element: Scalar>(
    _ type: Element.Type, clip: StepClip = .none, threshold: Int? = nil, tapeBudget: Int = 1 << 28
  ) -> LibraryRun<Element> {
    run(
      kind.type(for: type), libraryLoss(type), clip, threshold ?? Element.defaultRescalingThreshold,
      tapeBudget)
  }

  private func run<Cell: RecurrentCell>(
    _ type: Cell.Type, _ loss: some SequenceLoss<Cell.Element>, _ clip: StepClip, _ threshold: Int,
    _ tapeBudget: Int
  ) -> LibraryRun<Cell.Element> {
    var pass = pass(type, tapeBudget: tapeBudget)
    let diagnosis = pass.diagnose(loss: loss, clip: clip, rescalingThreshold: threshold)
    var recorder = GradientRecorder<Cell.Element>(
      shape: shape, gateCount: Cell.gateCount, carriesCellState: Cell.carriesCellState)
    _ = pass.backward(loss: loss, clip: clip, rescalingThreshold: threshold, probe: &recorder)
    let times = 0...sizes.steps
    return LibraryRun(
      diagnosis: diagnosis, recorded: recorder.gradients, plan: pass.plan,
      hiddenStates: times.flatMap { Cell.Element.doubles(pass.hiddenState($0) ?? []) },
      cellStates: times.flatMap { Cell.Element.doubles(pass.cellState($0) ?? []) })
  }

  /// A backward pass without a probe.
  func unobserved<Element: Scalar>(_ type: Element.Type) -> BackwardResult<Element> {
    func walk<Cell: RecurrentCell>(
      _ cell: Cell.Type, _ loss: some SequenceLoss<Cell.Element>
    ) -> BackwardResult<Cell.Element> {
      var pass = pass(cell)
      return pass.backward(loss: loss)
    }
    return walk(kind.type(for: type), libraryLoss(type))
  }

  /// The first step whose state is not finite.
  func divergedAt<Element: Scalar>(_ type: Element.Type, tapeBudget: Int = 1 << 28) -> Int? {
    func look(_ cell: (some RecurrentCell).Type) -> Int? {
      pass(cell, tapeBudget: tapeBudget).divergedAt
    }
    return look(kind.type(for: type))
  }
}
