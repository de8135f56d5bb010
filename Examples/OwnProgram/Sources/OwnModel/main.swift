import GradientFlow

// A model trained elsewhere: how far do its gradients reach, and why? Weights and inputs are files, as PyTorch wrote them.

let files = CommandLine.arguments
let trained = try TrainedModel(contentsOf: files[1])
let x = try NPYFile(contentsOf: files[2]).array  // [T, B, I]
let problem = ModelProblem(
  name: "mine", model: trained.model, steps: x.shape[0], batch: x.shape[1], inputs: x.doubles(),
  loss: FinalDotLoss(direction: Array(repeating: 1, count: trained.model.outputSize)))
for layer in try ModelDiagnosis(problem).layers {
  print("layer \(layer.layer) \(layer.direction): \(layer.decay?.rate ?? -.infinity) decades a step")
  print("  leading Lyapunov exponent \(layer.lyapunov?.spectrum.exponents[0] ?? .nan) nats a step")
  print("  forget path \(layer.predictions[.forgetPath] ?? .nan) decades a step")
}
