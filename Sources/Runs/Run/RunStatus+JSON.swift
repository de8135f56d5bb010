import TextFiles

extension RunStatus {
  /// For programs: counts, time left in seconds (null where it is not known), and the parts.
  public var json: JSONText {
    .object(
      [("name", .string(name)), ("directory", .string(directory.path))] + Self.counts(progress)
        + [
          ("seconds_left", .number(secondsLeft)),
          ("needs_merge", .boolean(needsMerge)),
          ("parts", .array(parts.map(Self.json))),
        ])
  }

  private static func json(_ part: Part) -> JSONText {
    var members: [(String, JSONText)] = [("shard", part.shard.map { .string($0.description) } ?? .null)]
    members += counts(part.progress)
    members.append(("seconds_left", .number(part.secondsLeft)))
    switch part.activity {
    case .running(let process, let host):
      members += [
        ("state", .string("running")), ("process", .integer(Int(process))), ("host", .string(host)),
      ]
    case .silent(let process, let host, let seconds):
      members += [
        ("state", .string("silent")), ("process", .integer(Int(process))), ("host", .string(host)),
        ("silent_seconds", .number(seconds)),
      ]
    case .idle: members.append(("state", .string(part.progress.left == 0 ? "finished" : "stopped")))
    }
    return .object(members)
  }

  private static func counts(_ progress: RunProgress) -> [(String, JSONText)] {
    [
      ("total", .integer(progress.total)), ("done", .integer(progress.done)),
      ("failed", .integer(progress.failed)), ("left", .integer(progress.left)),
      ("underflow", .integer(progress.underflowed)), ("overflow", .integer(progress.overflowed)),
      ("diverged", .integer(progress.diverged)),
    ]
  }
}
