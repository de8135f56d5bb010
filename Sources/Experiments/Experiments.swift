/// Everything but the command line and the figures: specifications, trials, runs, comparisons, diagnoses of files, and
/// the checks against known values.
@_exported import Comparisons
@_exported import DiagnosisFiles
@_exported import GradientFlow
@_exported import LanguageReports
@_exported import Machine
@_exported import Runs
@_exported import Specification
@_exported import TextFiles
@_exported import Trials
@_exported import Verification
