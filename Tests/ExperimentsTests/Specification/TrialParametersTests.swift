import Experiments
import GradientFlow
import Testing

@Suite struct TrialParametersTests {
  static let lstm = {
    var trial = TrialParameters()
    (trial.cell, trial.forgetBias, trial.hiddenSize, trial.inputSize) = (.lstm, 1, 64, 16)
    (trial.batchSize, trial.sequenceLength, trial.spectralRadius, trial.inputScale) = (16, 100, 1.1, 0.5)
    (trial.clip, trial.seed) = (.stepNorm(1), 3)
    return trial
  }()

  @Test func canonicalJSONIsSortedAndShort() {
    #expect(
      Self.lstm.canonicalJSON == """
        {"batch_size":16,"cell":"lstm","clip":{"step-norm":1},"forget_bias":1,"hidden_size":64,\
        "initializer":"gaussian","input_scale":0.5,"input_size":16,"loss":"final-dot",\
        "precision":"float32","root_seed":0,"seed":3,"sequence_length":100,"spectral_radius":1.1,\
        "task":{"kind":"gaussian-noise"}}
        """)
  }

  /// Digests computed with another program.
  @Test func idIsStartOfSHA256() {
    #expect(Self.lstm.id == "316a411ebca1")
    var text = TrialParameters()
    (text.hiddenSize, text.batchSize, text.sequenceLength, text.spectralRadius) = (3, 2, 1, -0.0)
    (text.initializer, text.inputScale, text.loss) = (.identity, 1e-5, .crossEntropyFinal)
    text.task = TaskIdentity(
      .text, sha256: "6cdc65bd4440e1008fda8a014a66c5ae20a9b753d404532916f9729173a8f99a")
    (text.precision, text.rootSeed, text.seed) = (.float64, 7, .max)
    #expect(text.id == "96801f927b7d")
  }

  @Test func everyParameterChangesTheID() {
    var ids: Set<String> = [Self.lstm.id]
    func changed(_ change: (inout TrialParameters) -> Void) {
      var trial = Self.lstm
      change(&trial)
      #expect(ids.insert(trial.id).inserted, "\(trial.canonicalJSON)")
    }
    changed { $0.cell = .gru }
    changed { $0.hiddenSize = 65 }
    changed { $0.layers = 2 }
    changed { $0.isBidirectional = true }
    changed { $0.embeddingSize = 8 }
    changed { $0.tiesReadout = true }
    changed { $0.shortestLength = 50 }
    changed { $0.inputSize = 17 }
    changed { $0.batchSize = 17 }
    changed { $0.sequenceLength = 101 }
    changed { $0.spectralRadius = 1.1.nextUp }
    changed { $0.initializer = .orthogonal }
    changed { $0.inputScale = 1 }
    changed { $0.forgetBias = 0 }
    changed { $0.forgetBias = nil }
    changed { $0.task = TaskIdentity(.text, sha256: "00") }
    changed { $0.loss = .finalMeanSquaredError }
    changed { $0.readoutSize = 10 }
    changed { $0.clip = .stepNormExample(1) }
    changed { $0.clip = .none }
    changed { $0.precision = .float64 }
    changed { $0.rootSeed = 1 }
    changed { $0.seed = 4 }
    changed { $0.initialStateScale = 0.5 }
    changed { $0.washout = 10 }
  }

  /// Trials from before there was a choice keep their ids.
  @Test func aZeroFirstStateAndNoWashoutAreNotWritten() {
    #expect(
      !Self.lstm.canonicalJSON.contains("initial_state") && !Self.lstm.canonicalJSON.contains("washout"))
    var trial = Self.lstm
    (trial.initialStateScale, trial.washout) = (0.5, 10)
    #expect(trial.canonicalJSON.contains("\"hidden_size\":64,\"initial_state_scale\":0.5,\"initializer\""))
    #expect(trial.canonicalJSON.hasSuffix(",\"washout\":10}"))
  }
}
