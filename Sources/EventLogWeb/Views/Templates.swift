import Mustache

/// The templates of the folder `Templates`, which are part of the binary.
enum Templates {
  private static let library = makeLibrary()

  /// Renders the page.
  static func page(_ view: PageView) -> String {
    library.render(TemplateFields(view), withTemplate: "page") ?? ""
  }

  /// Renders the page of one event.
  static func event(_ view: EventPageView) -> String {
    library.render(TemplateFields(view), withTemplate: "event") ?? ""
  }

  /// Renders the reference of the API.
  static func docs(_ view: DocsPageView) -> String {
    library.render(TemplateFields(view), withTemplate: "docs") ?? ""
  }

  /// Renders the page of a problem.
  static func problem(_ view: ProblemPageView) -> String {
    library.render(TemplateFields(view), withTemplate: "problem") ?? ""
  }

  private static func makeLibrary() -> MustacheLibrary {
    MustacheContentTypes.register(EscapedHTML(), named: "ESCAPED_HTML")
    var library = MustacheLibrary()
    for (name, bytes) in [
      ("page", PackageResources.page_mustache),
      ("event-form", PackageResources.event_form_mustache),
      ("filter", PackageResources.filter_mustache),
      ("event-list", PackageResources.event_list_mustache),
      ("event-row", PackageResources.event_row_mustache),
      ("event", PackageResources.event_mustache),
      ("chips", PackageResources.chips_mustache),
      ("head", PackageResources.head_mustache),
      ("header", PackageResources.header_mustache),
      ("histogram", PackageResources.histogram_mustache),
      ("problem", PackageResources.problem_mustache),
      ("docs", PackageResources.docs_mustache),
      ("docs-operation", PackageResources.docs_operation_mustache),
    ] {
      do {
        try library.register(String(decoding: bytes, as: UTF8.self), named: name)
      } catch {
        preconditionFailure("the template \(name) cannot be parsed: \(error)")
      }
    }
    return library
  }
}

/// Escapes text for HTML, in elements and in attributes with quotes.
///
/// The library's own escaping looks at characters, so that a quotation mark with a combining mark behind it, which
/// is one character, would pass and end the attribute. A parser of HTML looks at code points, and so does this.
struct EscapedHTML: MustacheContentType {
  func escapeText(_ text: String) -> String {
    guard text.utf8.contains(where: Self.isSpecial) else { return text }
    var escaped = ""
    escaped.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "&": escaped += "&amp;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "\""), UInt8(ascii: "'"): true
    default: false
    }
  }
}
