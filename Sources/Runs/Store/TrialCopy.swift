/// Copies trials from one store into another, with the sessions they come from.
struct TrialCopy {
  /// Of the source.
  let sessions: [Int64: StoreSession]
  let target: RunStore
  /// Numbers of sessions in the target by those in the source.
  private(set) var numbers: [Int64: Int64] = [:]

  /// Stores trials of the source in one transaction.
  package mutating func copy(_ trials: [StoredTrial]) throws {
    try target.save(
      trials.map { trial in
        var trial = trial
        trial.session = try number(of: trial.session)
        return trial
      })
  }

  private mutating func number(of session: Int64?) throws -> Int64? {
    guard let session, let facts = sessions[session] else { return nil }
    if let known = numbers[session] { return known }
    let number = try target.begin(facts)
    numbers[session] = number
    return number
  }
}
