import Experiments

/// What an image says of itself: its title, what it shows, and which program drew it of which run. Nothing in it
/// changes from day to day.
public struct ImageMetadata: Sendable, Equatable {
  /// The figure's title, its name and the run.
  public let title: String
  /// The statement, the caption and the origin, a paragraph each.
  public let description: [String]
  /// Program and version.
  public let creator: String

  public init(title: String, description: [String], creator: String) {
    (self.title, self.description, self.creator) = (title, description, creator)
  }

  init(_ plot: Plot) {
    creator = "gradflow \(Provenance.version)"
    title = ([Markup.unmarked(plot.title), plot.name] + plot.provenance).joined(separator: " · ")
    let caption = plot.caption.parts.map(Markup.unmarked).joined(separator: " · ")
    let texts = [Markup.unmarked(plot.statement), plot.caption.warning.map(Markup.unmarked), caption]
    description =
      (texts.compactMap { $0 } + [([creator] + plot.provenance).joined(separator: ", ")]).filter {
        !$0.isEmpty
      }
  }

  /// The image with these texts in the place of the ones it has; nil for an image of unknown form.
  func added(to image: [UInt8], _ format: ImageFormat) -> [UInt8]? {
    switch format {
    case .svg: SVGMetadata.added(self, to: image)
    case .png: PNGMetadata.added(self, to: image)
    case .pdf: PDFMetadata.added(self, to: image)
    }
  }
}
