import Experiments
import TextFiles

/// Where a gradient that comes back from a decoder enters the encoder.
enum Seam {
  /// Draws the lag of the encoder's last step, of the longest sequences.
  static func draw(_ lags: [Int?], _ panel: inout Panel) {
    if let lag = lags.compactMap(\.self).max() {
      panel.rules.append(
        Rule(direction: .up, value: Double(lag), pen: .place, label: "decoder", beyond: "encoder"))
    }
  }

  /// What a caption says.
  static func note(_ lags: [Int?]) -> [String] {
    let seams = lags.compactMap(\.self).distinct
    guard let first = seams.first else { return [] }
    let place = seams.count == 1 ? "lags below \(Brief.grouped(first))" : "lags before the dotted line"
    return ["\(place) are the decoder's, the others the encoder's"]
  }
}
