import Foundation

/// The page of a text in one file, with its data in it.
public enum TextViewPage {
  /// Puts data into the page.
  ///
  /// - Parameter data: JSON, as the head of `text-view.html` says.
  public static func html(data: String) -> String {
    // Nothing in the data may end the element that holds it.
    let safe = data.replacing("<", with: "\\u003c")
    let page = String(decoding: PackageResources.text_view_html, as: UTF8.self)
    return page.replacing("/*DATA*/null", with: safe, maxReplacements: 1)
  }
}
