import ArgumentParser
import Experiments
import GradientFlow

struct GradcheckCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gradcheck",
    abstract: "Compare gradients of single weights with finite differences.",
    usage: "gradflow gradcheck <specification> [<key=value> ...] [<options>]",
    discussion: """
      Draws the network and the batch of a trial in double precision, takes some weights of every array at random, and \
      prints for each, as min-char-rnn does,

        analytic gradient, (L(w + δ) − L(w − δ)) / 2δ => relative error

      The exit code is 1 where a relative error exceeds --bound.

        gradflow gradcheck experiments/min-char-rnn.yaml
        gradflow gradcheck experiments/char-lm.yaml cells=gru layers=2 --checks 20
      """)

  @OptionGroup var target: SpecificationTarget

  @Option(help: "Which trial of the specification, from 1.")
  var trial = 1

  @Option(help: "Weights of every array.")
  var checks = 10

  @Option(help: "δ.")
  var delta = 1e-5

  @Option(help: "The largest relative error that is right.")
  var bound = 1e-4

  func validate() throws {
    if checks < 1 { throw ValidationError("--checks \(checks): allowed are whole numbers from 1.") }
    guard delta > 0, delta.isFinite else {
      throw ValidationError("--delta \(delta): allowed are numbers above 0.")
    }
  }

  func run() async throws {
    try await ExitStatus.interruptible {
      BLASEnvironment.useOneThread()
      let specification = try target.read()
      guard (1...specification.trialCount).contains(trial) else {
        throw ValidationError(
          "--trial \(trial): the specification has trials 1 to \(specification.trialCount).")
      }
      let found = try TrialRunner(specification).gradientCheck(
        specification.trials[trial - 1], count: checks, step: delta)
      guard let found else {
        Terminal.say("gradflow: a state of the network leaves the range on this batch")
        throw ExitStatus.badData.code
      }
      Terminal.data(GradientCheckText(found).text)
      let worst = found.largestError
      Terminal.say(
        "Largest relative error \(Brief.number(worst)); \(found.parameters.flatMap(\.entries).count) weights of "
          + "\(found.parameters.count) arrays.")
      guard worst <= bound else { throw ExitStatus.someFailed.code }
    }
  }
}
