import Foundation

/// What a page of a text shows, as a program would write it: numbers of simple formulas, in which tests know what to find.
struct ViewedText: Encodable {
  struct Unit: Encodable {
    var name: String
    var group: String
    var note: String
    var low: Double
    var high: Double
  }

  struct Model: Encodable {
    var label: String
    var loss: [Double]
    var units: [Unit]
    var values: String
    var gx: String
    var gh: String
  }

  var title = "A title"
  var source = "A source"
  var command = "gradflow view"
  var tokens: [String]
  var next: String
  var models: [Model]

  /// A text, and states of training whose gradients by inputs fall by 2/(k + 1) decades in a step, those by states by a
  /// tenth of a decade.
  ///
  /// - Parameters:
  ///   - tokens: those read, and the last target.
  ///   - forgets: whether the gradient by the first token is zero, except that of the first loss.
  init(_ tokens: [String], models: Int = 2, units: Int = 4, forgets: Bool = false) {
    let steps = tokens.count - 1
    self.tokens = Array(tokens.dropLast())
    next = tokens[steps]
    self.models = (0..<models).map { k in
      Model(
        label: "update \(100 * k)", loss: (0..<steps).map { 2 / Double(k + 1) + Double($0 % 3) / 10 },
        units: (0..<units).map {
          Unit(
            name: "h[\($0)]", group: $0 < units / 2 ? "h, layer 1" : "h, layer 2",
            note: $0 == 1 ? "keeps: quotes" : "", low: -1, high: 1)
        },
        values: Self.base64((0..<units).flatMap { Self.values(unit: $0, model: k, steps: steps) }),
        gx: Self.gradients(steps, forgets: forgets) { -2000 / (k + 1) * $0 },
        gh: Self.gradients(steps, forgets: false) { -100 * $0 - 500 })
    }
  }

  /// Unit 0 alternates between its ends; the others take values that all differ. Signs differ between models.
  private static func values(unit: Int, model: Int, steps: Int) -> [Int8] {
    (0..<steps).map { t in
      let value = unit == 0 ? (t % 2 == 0 ? 127 : -127) : (37 * t + 50 * unit) % 255 - 127
      return Int8(model == 0 ? value : -value)
    }
  }

  private static func gradients(_ steps: Int, forgets: Bool, thousandths: (Int) -> Int) -> String {
    var all: [Int16] = []
    for s in 0..<steps {
      for t in 0...s {
        all.append(forgets && t == 0 && s > 0 ? .min : Int16(max(-32767, thousandths(s - t))).littleEndian)
      }
    }
    return base64(all)
  }

  private static func base64<Number>(_ numbers: [Number]) -> String {
    numbers.withUnsafeBytes { Data($0).base64EncodedString() }
  }

  /// The object that a page takes.
  var json: String {
    get throws {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
      return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
  }
}
