import Experiments

/// A picture of a run, drawn from stored records only.
public protocol RunFigure: Figure where Name == FigureName, Source == RunRecords {
  /// Which runs it is of.
  var subject: FigureSubject { get }
  /// The per-step columns it reads; empty if the records without steps are enough.
  var stepColumns: Set<StepColumn> { get }
  /// The profile columns that it reads.
  var profileColumns: Set<ProfileColumn> { get }
  /// Whether it reads the profiles of every layer, or of those alone that trials are spoken of by.
  var profilesLayers: Bool { get }
  /// Whether a run that names no figures asks for it. One of what most specifications have nothing of is missed only by
  /// those who name it.
  func isUsual(for specification: SweepSpecification) -> Bool
  /// Whether it shows whole networks, in which no layer can be chosen.
  var isOfNetworks: Bool { get }
  /// Why it says nothing about a sweep; nil if it applies.
  func objection(to specification: SweepSpecification) -> String?
  /// What its x axis is, in words, where that is no axis of a sweep; nil where a reader may choose it.
  var fixedX: String? { get }
}

extension RunFigure {
  public var subject: FigureSubject { .networksAsDrawn }
  public var stepColumns: Set<StepColumn> { [] }
  public var profileColumns: Set<ProfileColumn> { [] }
  public var profilesLayers: Bool { false }
  public func isUsual(for specification: SweepSpecification) -> Bool { true }
  public var isOfNetworks: Bool { false }
  public func objection(to specification: SweepSpecification) -> String? { nil }
  public var fixedX: String? { nil }
}

/// What the figures of a run show: a run either trains its networks or diagnoses untrained ones.
public enum FigureSubject: Sendable, Hashable {
  case networksAsDrawn
  case training

  /// Why no figure of this subject says anything about a sweep; nil if some may.
  func objection(to specification: SweepSpecification) -> String? {
    switch (self, specification.trains) {
    case (.networksAsDrawn, true): return "a training run: see loss, norms and evolution"
    case (.training, false): return "nothing is trained; set iterations: N and a task"
    case (.networksAsDrawn, false), (.training, true): return nil
    }
  }
}
