import GradientFlow
import Specification
import TextFiles

extension OutputFolder {
  /// Makes sure that a run's folder may be written to; one that holds only a specification, as this
  /// program writes it, belongs to a run about to start.
  ///
  /// - Throws: ``RunError``.
  static func checkRun(_ path: String, of specification: SweepSpecification) throws(RunError) {
    try OutputFolder.run(trains: specification.trains).check(path) { file in
      guard let data = RegularFile.beginning(of: file),
        let specification = try? SweepSpecification.readNormalised(path: file)
      else { return false }
      return String(decoding: data, as: UTF8.self) == specification.normalisedYAML
    }
  }
}
