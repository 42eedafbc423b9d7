/// The content of a page, whose properties its template names.
protocol TemplateView {
  /// The template's name, as in `Templates`.
  static var template: String { get }
}

extension TemplateView {
  /// The page as HTML.
  var html: String { Templates.render(TemplateFields(self), with: Self.template) }
}
