import Mustache

/// The templates in the folder `Templates`, which are part of the binary.
enum Templates {
  /// The content of each file, by its name without `.mustache`.
  static let files: [String: [UInt8]] = [
    "account": PackageResources.account_mustache,
    "chips": PackageResources.chips_mustache,
    "docs": PackageResources.docs_mustache,
    "docs-operation": PackageResources.docs_operation_mustache,
    "event": PackageResources.event_mustache,
    "event-form": PackageResources.event_form_mustache,
    "event-list": PackageResources.event_list_mustache,
    "event-row": PackageResources.event_row_mustache,
    "facets": PackageResources.facets_mustache,
    "field": PackageResources.field_mustache,
    "field-choice": PackageResources.field_choice_mustache,
    "field-error": PackageResources.field_error_mustache,
    "field-text-area": PackageResources.field_text_area_mustache,
    "filter": PackageResources.filter_mustache,
    "form-errors": PackageResources.form_errors_mustache,
    "head": PackageResources.head_mustache,
    "header": PackageResources.header_mustache,
    "histogram": PackageResources.histogram_mustache,
    "keys": PackageResources.keys_mustache,
    "list-page": PackageResources.list_page_mustache,
    "login": PackageResources.login_mustache,
    "problem": PackageResources.problem_mustache,
    "save-view": PackageResources.save_view_mustache,
    "search-help": PackageResources.search_help_mustache,
    "views": PackageResources.views_mustache,
  ]

  private static let library: MustacheLibrary = {
    MustacheContentTypes.register(EscapedHTML(), named: "ESCAPED_HTML")
    var library = MustacheLibrary()
    for (name, bytes) in files {
      // The library resets to its own escaping in every template, even one that is included in another.
      let text = "{{% CONTENT_TYPE: ESCAPED_HTML}}\n" + String(decoding: bytes, as: UTF8.self)
      do {
        try library.register(text, named: name)
      } catch {
        preconditionFailure("the template \(name) cannot be parsed: \(error)")
      }
    }
    return library
  }()

  /// Renders a template.
  ///
  /// - Parameters:
  ///   - fields: the fields that the template shows.
  ///   - name: the template's name, which must exist.
  /// - Returns: the HTML.
  static func render(_ fields: TemplateFields, with name: String) -> String {
    guard let html = library.render(fields, withTemplate: name) else {
      preconditionFailure("the template \(name) does not exist")
    }
    return html
  }
}
