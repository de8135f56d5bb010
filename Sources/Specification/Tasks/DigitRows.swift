import GradientFlow

/// `rows`: what of an image the task `digits` reads at a step.
package enum DigitRows: String, Sendable, CaseIterable {
  case pixel, row, image

  package init(_ task: TaskIdentity) { self = task.chosen("rows") ?? .pixel }

  /// For captions.
  package var label: String {
    switch self {
    case .pixel: return "digits"
    case .row: return "digits by rows"
    case .image: return "whole digits"
    }
  }
}

extension TaskIdentity {
  /// Pixels that a step of `digits` reads, and the steps of an image.
  var digitSizes: (inputs: Int, steps: Int) {
    let pixels = self["pixels", or: 1]
    switch DigitRows(self) {
    case .pixel: return (1, pixels)
    case .row: return (self["width", or: 1], pixels / self["width", or: 1])
    case .image: return (pixels, 1)
    }
  }

  /// How it reads an image.
  var digitReading: SequentialDigits.Reading {
    switch DigitRows(self) {
    case .pixel: return .pixels
    case .row: return .rows(width: self["width", or: 1])
    case .image: return .image
    }
  }
}
