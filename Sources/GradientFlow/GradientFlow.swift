// The library in one import: cells, backpropagation through time, probes, diagnostics, tasks, clipping and
// model files. Nothing here depends on a command line, YAML or a database.

@_exported import GradientDiagnostics
@_exported import Language
@_exported import LanguageDiagnostics
@_exported import LinearAlgebra
@_exported import ModelDiagnostics
@_exported import ModelFiles
@_exported import RecurrentCells
@_exported import SequenceTasks
@_exported import Training
