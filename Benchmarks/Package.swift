// swift-tools-version: 6.1

// Benchmarks of GradientFlow: a package of its own, so that its dependencies never reach those who use the library.

import PackageDescription

let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v14)],
  dependencies: [
    .package(name: "gradflow", path: "..")
  ],
  targets: [
    .executableTarget(
      name: "SpeedTable", dependencies: [.product(name: "GradientFlow", package: "gradflow")],
      path: "SpeedTable")
  ],
  swiftLanguageModes: [.v6]
)
