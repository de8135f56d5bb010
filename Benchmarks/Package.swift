// swift-tools-version: 6.1

// Benchmarks of GradientFlow: a package of its own, so that its dependencies never reach those who use the library.

import PackageDescription

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v14)],
  dependencies: [
    .package(name: "gradflow", path: ".."),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
  ],
  targets: [
    .executableTarget(
      name: "SpeedTable",
      dependencies: [
        .product(name: "GradientFlow", package: "gradflow"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "SpeedTable")
  ],
  swiftLanguageModes: [.v6]
)
