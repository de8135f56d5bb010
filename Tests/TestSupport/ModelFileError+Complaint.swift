import ModelFiles

extension ModelFileError {
  /// What the error of a reader lacks; nil if it names place, fact and advice in one short line.
  public var complaint: String? {
    if place?.isEmpty ?? true { return "no place" }
    if found.isEmpty { return "no fact" }
    if advice.isEmpty { return "no advice" }
    return HostileReading.complaint(aboutMessage: description)
  }
}
