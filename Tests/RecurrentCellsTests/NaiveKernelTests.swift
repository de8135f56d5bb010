import Foundation
import GradientFlow
import TestSupport
import Testing

@Suite("Library against naive kernel")
struct NaiveKernelTests {
  // T = 1, B = 1 and I ≠ H, so that transposes cannot hide; H is no multiple of 8.
  static let cases = NetworkCase.all([
    NaiveSizes(1, 1, 1, 1), NaiveSizes(1, 3, 2, 5), NaiveSizes(6, 1, 3, 7, seed: 2),
    NaiveSizes(5, 3, 4, 9, seed: 3), NaiveSizes(7, 2, 5, 3, seed: 4), NaiveSizes(3, 5, 1, 17),
  ])

  // Both sum at most 20 products of numbers near 1 at each of 7 steps: 1e-12 is 5,000 rounding
  // errors.
  private static func agree(_ a: [Double], _ b: [Double]) -> String? {
    difference(a, b, relative: 1e-12, absolute: 1e-14)
  }

  @Test(arguments: cases)
  func statesAgree(_ item: NetworkCase) {
    let network = item.network()
    let (trace, run) = (network.forward(), network.run(Double.self))
    #expect(Self.agree(run.hiddenStates, trace.h.flatMap { $0.flatMap { $0 } }) == nil)
    if item.cell == .lstm {
      #expect(Self.agree(run.cellStates, trace.c.flatMap { $0.flatMap { $0 } }) == nil)
    }
  }

  @Test(arguments: cases)
  func stepGradientsAgree(_ item: NetworkCase) {
    let network = item.network()
    let naive = network.backward(through: network.forward())
    let recorded = network.run(Double.self).recorded
    #expect(Self.agree(recorded.hidden, flat(naive.delta)) == nil)
    #expect(Self.agree(recorded.preactivation, flat(naive.gamma)) == nil)
    #expect(Self.agree(recorded.recurrentPreactivation, flat(naive.gammaHidden)) == nil)
    if item.cell == .lstm {
      #expect(Self.agree(recorded.cell, flat(naive.kappa)) == nil)
    } else {
      #expect(recorded.cell.isEmpty)
    }
  }

  @Test(arguments: cases)
  func totalsAndLossAgree(_ item: NetworkCase) {
    let network = item.network()
    let naive = network.backward(through: network.forward())
    let result = network.run(Double.self).diagnosis.result
    let variables: [NaiveVariable] = [.W_ih, .W_hh, .b_ih, .b_hh, .W_o, .b_o]
    #expect(Self.agree([result.loss], [naive.loss]) == nil)
    for (variable, entry) in zip(variables, result.gradients.named) {
      #expect(Self.agree(entry.gradient.doubles, naive[variable]) == nil, "\(entry.name)")
    }
    #expect((result.gradients.readoutWeight != nil) == item.loss.hasReadout)
  }

  @Test(arguments: cases)
  func recordedNormsAreThoseOfTheNaiveGradients(_ item: NetworkCase) {
    let network = item.network()
    let naive = network.backward(through: network.forward())
    let steps = network.run(Double.self).steps
    // log10 of a norm with relative error 1e-12; norms that are exactly zero are −∞ in both.
    func close(_ a: [Double], _ b: [[[Double]]]) -> String? {
      difference(a, b.map { log10Norm($0.flatMap { $0 }) }, absolute: 1e-12)
    }
    func closeByExample(_ a: [Double], _ b: [[[Double]]]) -> String? {
      difference(a, b.flatMap { $0.map(log10Norm) }, absolute: 1e-12)
    }
    #expect(close(steps.hidden, naive.delta) == nil)
    #expect(steps.hiddenAfterClip == steps.hidden)
    #expect(closeByExample(steps.hiddenByExample, naive.delta) == nil)
    #expect(close(steps.immediate, naive.immediate) == nil)
    #expect(close(steps.preactivation, naive.gamma) == nil)
    #expect(close(steps.recurrentPreactivation, naive.gammaHidden) == nil)
    if item.cell == .lstm {
      #expect(close(steps.cell, naive.kappa) == nil)
      #expect(closeByExample(steps.cellByExample, naive.kappa) == nil)
    }
  }

  // Sizes that no vector width divides, on every set of kernels this machine can run.
  static let awkward = NaiveNetwork.Cell.allCases.flatMap { cell in
    [NaiveSizes(4, 3, 5, 33, seed: 6), NaiveSizes(3, 2, 19, 17, seed: 7)].map {
      NetworkCase(cell: cell, loss: .crossEntropyEveryStep, sizes: $0, hasInitialState: true)
    }
  }

  @Test(arguments: awkward, KernelSelection.available)
  func everySetOfKernelsAgrees(_ item: NetworkCase, _ kernels: KernelSelection) {
    let network = item.network()
    let naive = network.backward(through: network.forward())
    withKernels(kernels) {
      let run = network.run(Double.self)
      #expect(Self.agree(run.recorded.hidden, flat(naive.delta)) == nil)
      #expect(Self.agree(run.recorded.preactivation, flat(naive.gamma)) == nil)
      #expect(Self.agree(run.gradients.weightHH.doubles, naive[.W_hh]) == nil)
      #expect(Self.agree(run.gradients.weightIH.doubles, naive[.W_ih]) == nil)
      let single = network.run(Float.self)
      let weights = difference(
        single.gradients.weightHH.doubles, naive[.W_hh], relative: 5e-5, absolute: 5e-6)
      #expect(weights == nil)
    }
  }

  @Test(arguments: cases.filter { $0.sizes.batch > 1 })
  func singlePrecisionAgreesToItsOwnRounding(_ item: NetworkCase) {
    let network = item.network()
    let naive = network.backward(through: network.forward())
    let run = network.run(Float.self)
    // 20 products a step at Float.ulpOfOne = 1.2e-7, over 7 steps.
    let delta = difference(run.recorded.hidden, flat(naive.delta), relative: 2e-5, absolute: 2e-6)
    let weights = difference(
      run.gradients.weightHH.doubles, naive[.W_hh], relative: 5e-5, absolute: 5e-6)
    #expect(delta == nil)
    #expect(weights == nil)
  }

  private func flat(_ values: [[[Double]]]) -> [Double] { values.flatMap { $0.flatMap { $0 } } }

  private func log10Norm(_ values: [Double]) -> Double {
    log10(values.reduce(0) { $0 + $1 * $1 }.squareRoot())
  }
}
