// swift-tools-version: 6.2

// Benchmarks of GradientFlow: a package of its own, so that its dependencies never reach those who use the library.

import PackageDescription

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v14)],
  dependencies: [
    .package(name: "gradflow", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    // Statistics, allocations and thresholds of single benchmarks; without jemalloc, which it does not need here.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.0", traits: []),
  ],
  targets: [
    // The table: ours, the floor and the peers in one run.
    .executableTarget(
      name: "SpeedTable",
      dependencies: [
        .product(name: "GradientFlow", package: "gradflow"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "SpeedTable"),
    // Single passes: `swift package --package-path Benchmarks benchmark`.
    .executableTarget(
      name: "Passes",
      dependencies: [
        .product(name: "GradientFlow", package: "gradflow"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "Benchmarks/Passes",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
  ],
  swiftLanguageModes: [.v6]
)
