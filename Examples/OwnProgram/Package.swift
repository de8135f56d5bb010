// swift-tools-version: 6.1

// A program of one's own on the GradientFlow library: no command line, no YAML, no database.

import PackageDescription

let package = Package(
  name: "OwnProgram",
  dependencies: [.package(name: "gradflow", path: "../..")],
  targets: [
    .executableTarget(
      name: "OwnProgram", dependencies: [.product(name: "GradientFlow", package: "gradflow")]),
    .executableTarget(
      name: "OwnModel", dependencies: [.product(name: "GradientFlow", package: "gradflow")]),
  ],
  swiftLanguageModes: [.v6]
)
