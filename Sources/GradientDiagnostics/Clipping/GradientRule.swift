/// What is done to gradients: a clip, in training beside a penalty or with it alone.
public struct GradientRule: Sendable, Hashable {
  public let clip: GradientClip
  /// Of training alone; nil for none.
  public let penalty: NormPreservationPenalty?

  public init(clip: GradientClip, penalty: NormPreservationPenalty? = nil) {
    self.clip = clip
    self.penalty = penalty
  }

  /// As text: `none`, `global-norm:1`, `global-norm:1+omega-squared:4`, `omega:2`.
  public var label: String {
    guard let penalty else { return clip.label }
    return clip == .none ? penalty.label : "\(clip.label)+\(penalty.label)"
  }
}

extension GradientRule {
  /// Why a text is no rule.
  public enum TextProblem: Error, Sendable, Equatable {
    /// Neither a clip nor a penalty.
    case unknownName(String)
    /// Without the number it needs, as in `global-norm`.
    case missingNumber(String)
    /// With a number that it does not take, as in `none:1`.
    case superfluousNumber(String)
    /// What stands for a number is none above 0.
    case invalidNumber(String, of: String)
    /// Two clips, or two penalties.
    case repeated(String)
  }

  /// The names of all clips and penalties.
  public static let names =
    GradientClip.Kind.allCases.map(\.rawValue) + NormPreservationPenalty.Form.allCases.map(\.rawValue)

  /// Reads what ``label`` writes.
  ///
  /// - Throws: ``TextProblem``.
  public init(text: String) throws(TextProblem) {
    var (clip, penalty): (GradientClip?, NormPreservationPenalty?)
    for part in text.split(separator: "+", omittingEmptySubsequences: false) {
      // The sign of a number with an exponent, as in 1e+3, is no separator; thresholds need none.
      let pieces = part.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let name = String(pieces[0])
      let number = pieces.count == 2 ? Double(pieces[1]) : nil
      if pieces.count == 2 {
        guard let number, number > 0, number.isFinite else {
          throw .invalidNumber(String(pieces[1]), of: name)
        }
      }
      if let form = NormPreservationPenalty.Form(rawValue: name) {
        guard penalty == nil else { throw .repeated(name) }
        guard let number else { throw .missingNumber(name) }
        penalty = NormPreservationPenalty(form: form, weight: number)
      } else if let kind = GradientClip.Kind(rawValue: name) {
        guard clip == nil else { throw .repeated(name) }
        guard let rule = GradientClip(kind: kind, threshold: number) else {
          throw number == nil ? .missingNumber(name) : .superfluousNumber(name)
        }
        clip = rule
      } else {
        throw .unknownName(name)
      }
    }
    self.init(clip: clip ?? .none, penalty: penalty)
  }
}
