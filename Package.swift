// swift-tools-version: 6.1

// GradientFlow: gradient diagnostics for recurrent networks.
//
// One arrow direction, nothing points back up:
//
//   gradflow → Figures → Experiments, the umbrella of
//       {Comparisons → Runs, LanguageReports → {Runs, DiagnosisFiles}, Verification → DiagnosisFiles} → Trials → {Specification, Machine} → TextFiles
//   → GradientFlow, the umbrella of
//       {ModelDiagnostics, ModelFiles, LanguageDiagnostics → Training}
//       → {GradientDiagnostics, SequenceTasks → Language} → RecurrentCells → LinearAlgebra
//   → CNumericKernels → {COpenBLAS, CXSMM}; ModelFiles → CZlib, TextFiles → CNettle

import PackageDescription

// LIBXSMM generates matrix products for one shape at run time; it exists for x86-64. Where it is not installed the
// kernels are built without it, and every product is BLAS.
#if os(Linux) && arch(x86_64)
  let smallProducts: [Target] = [
    .systemLibrary(name: "CXSMM", pkgConfig: "libxsmm", providers: [.apt(["libxsmm-dev"])])
  ]
#else
  let smallProducts: [Target] = []
#endif

// SHA-256 for trial ids and checksums: a system library, because swift-crypto is a quarter of a first build.
#if canImport(CryptoKit)
  let hashes: [Target] = []
#else
  let hashes: [Target] = [
    .systemLibrary(name: "CNettle", pkgConfig: "nettle", providers: [.apt(["nettle-dev"])])
  ]
#endif

// The library as a dependency inside this package: its modules by name beside the umbrella. Time loops are specialised
// where they are used, so whoever imports one of these must be compiled again when it changes; the build system sees
// that for direct dependencies only.
let library: [Target.Dependency] = [
  "GradientFlow", "LinearAlgebra", "RecurrentCells", "GradientDiagnostics", "Language", "SequenceTasks",
  "Training", "LanguageDiagnostics", "ModelFiles", "ModelDiagnostics",
]

// The modules behind the umbrella Experiments, lowest first.
let experiments: [Target.Dependency] = [
  "TextFiles", "Machine", "Specification", "Trials", "Runs", "Comparisons", "DiagnosisFiles",
  "LanguageReports",
  "Verification",
]

let package = Package(
  name: "gradflow",
  products: [
    // Cells, BPTT, probes, diagnostics, tasks, clipping, model files. No command line, no YAML, no store.
    .library(name: "GradientFlow", targets: ["GradientFlow"]),
    // Sweeps, the run directory, comparisons and figures.
    .library(name: "GradientFlowExperiments", targets: ["Experiments", "Figures"]),
    .executable(name: "gradflow", targets: ["gradflow"]),
  ],
  dependencies: [
    // Command line: help that teaches, completions, generated manual.
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    // YAML: gives the node tree with line and column, which strict errors need.
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    // The store: SQLite with a transaction a trial.
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: smallProducts + hashes + [
    // MARK: - C and C++

    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-dev", "liblapacke-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(
      name: "CNumericKernels",
      dependencies: ["COpenBLAS"] + smallProducts.map { .target(name: $0.name) },
      cSettings: smallProducts.isEmpty ? [] : [.define("GF_LOOKS_FOR_LIBXSMM")]),
    .target(
      name: "CGnuplotIostream",
      linkerSettings: [
        .linkedLibrary("boost_iostreams"), .linkedLibrary("boost_filesystem"),
        .linkedLibrary("boost_system"), .linkedLibrary("util", .when(platforms: [.linux])),
      ]),

    // MARK: - GradientFlow, the library

    .target(
      name: "LinearAlgebra", dependencies: ["CNumericKernels", "COpenBLAS"],
      linkerSettings: [.linkedLibrary("m", .when(platforms: [.linux]))]),
    .target(name: "RecurrentCells", dependencies: ["LinearAlgebra", "CNumericKernels"]),
    .target(name: "GradientDiagnostics", dependencies: ["RecurrentCells", "LinearAlgebra"]),
    // Text as tokens: vocabularies, features of a text, and the language models before recurrent networks.
    .target(name: "Language", dependencies: ["LinearAlgebra"]),
    .target(name: "SequenceTasks", dependencies: ["Language", "RecurrentCells", "LinearAlgebra"]),
    .target(
      name: "Training",
      dependencies: [
        "Language", "SequenceTasks", "GradientDiagnostics", "RecurrentCells", "LinearAlgebra",
        "CNumericKernels",
      ]),
    // Language models at work: what they say, what a text costs them, what their units keep.
    .target(
      name: "LanguageDiagnostics",
      dependencies: ["Language", "Training", "GradientDiagnostics", "RecurrentCells", "LinearAlgebra"]),
    .target(name: "ModelFiles", dependencies: ["RecurrentCells", "LinearAlgebra", "CZlib"]),
    .target(
      name: "ModelDiagnostics",
      dependencies: ["GradientDiagnostics", "RecurrentCells", "LinearAlgebra"]),
    .target(
      name: "GradientFlow",
      dependencies: [
        "LinearAlgebra", "RecurrentCells", "GradientDiagnostics", "Language", "SequenceTasks", "Training",
        "LanguageDiagnostics", "ModelFiles", "ModelDiagnostics",
      ]),

    // MARK: - Experiments, figures, the command

    // Text, places in it, and files: what is read, said and written.
    .target(
      name: "TextFiles",
      dependencies: library + [.product(name: "Yams", package: "Yams")]
        + hashes.map { .target(name: $0.name) }),
    // What the machine has and gives: threads, child processes, memory.
    .target(name: "Machine", dependencies: library + ["TextFiles"]),
    // What is asked for: the axes of a trial, tasks, the grid.
    .target(name: "Specification", dependencies: library + ["TextFiles"]),
    // One trial: its run, what it records, what theory says of it.
    .target(name: "Trials", dependencies: library + ["Specification", "Machine", "TextFiles"]),
    // Many trials: the run directory, its store, sweeps, shards, Slurm.
    .target(
      name: "Runs",
      dependencies: library + [
        "Trials", "Specification", "Machine", "TextFiles",
        .product(name: "GRDB", package: "GRDB.swift"),
        // The system's error number behind a failure of SQLite's.
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    .target(name: "Comparisons", dependencies: library + ["Runs", "Trials", "Specification", "TextFiles"]),
    // Diagnoses of models and cases in files.
    .target(
      name: "DiagnosisFiles", dependencies: library + ["Trials", "Specification", "Machine", "TextFiles"]),
    // Language models in runs and files, and what is written of them.
    .target(
      name: "LanguageReports",
      dependencies: library + [
        "DiagnosisFiles", "Runs", "Trials", "Specification", "Machine", "TextFiles",
      ],
      // In the program itself, which may be moved.
      resources: [.embedInCode("Page/text-view.html")]),
    // Reference cases and known values.
    .target(
      name: "Verification",
      dependencies: library + ["DiagnosisFiles", "Trials", "Specification", "Machine", "TextFiles"]),
    .target(name: "Experiments", dependencies: library + experiments),
    .target(
      name: "Figures",
      dependencies: library + experiments + ["Experiments", "CGnuplotIostream"]),
    .executableTarget(
      name: "gradflow",
      dependencies: library + experiments + [
        "Experiments", "Figures",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // MARK: - Tests

    .target(
      name: "TestSupport",
      dependencies: ["LinearAlgebra", "RecurrentCells", "ModelFiles", "TextFiles", "AllocationCounter"],
      path: "Tests/TestSupport"),
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    .testTarget(
      name: "LinearAlgebraTests",
      dependencies: ["RecurrentCells", "LinearAlgebra", "TestSupport", "AllocationCounter"]),
    .testTarget(
      name: "RecurrentCellsTests", dependencies: library + ["TestSupport"]),
    .testTarget(
      name: "GradientDiagnosticsTests",
      dependencies: library + ["TestSupport", "AllocationCounter"]),
    .testTarget(name: "LanguageTests", dependencies: library + ["TestSupport"]),
    .testTarget(name: "LanguageDiagnosticsTests", dependencies: library + ["TestSupport"]),
    .testTarget(
      name: "LanguageReportsTests", dependencies: library + experiments + ["Experiments", "TestSupport"]),
    .testTarget(name: "SequenceTasksTests", dependencies: library + ["TestSupport"]),
    .testTarget(name: "TrainingTests", dependencies: library + ["TestSupport", "AllocationCounter"]),
    .testTarget(
      name: "ModelFilesTests",
      dependencies: ["ModelFiles", "RecurrentCells", "LinearAlgebra", "TestSupport", "AllocationCounter"]),
    .testTarget(
      name: "ExperimentsTests",
      dependencies: library + experiments + [
        "Experiments", "TestSupport", "AllocationCounter",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(
      name: "FiguresTests",
      dependencies: library + experiments + ["Figures", "Experiments", "CGnuplotIostream", "TestSupport"]),
    .testTarget(
      name: "CommandTests",
      dependencies: library + experiments + [
        "gradflow", "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
      ]),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .c11,
  cxxLanguageStandard: .cxx17
)
