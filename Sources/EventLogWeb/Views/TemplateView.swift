/// What a page shows. The template names its properties.
protocol TemplateView {
  /// The name of the template, as in `Templates`.
  static var template: String { get }
}

extension TemplateView {
  /// The page.
  var html: String { Templates.render(TemplateFields(self), with: Self.template) }
}
