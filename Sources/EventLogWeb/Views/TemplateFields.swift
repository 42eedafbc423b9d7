import Mustache

/// The properties of a view by name.
///
/// The library looks a property up by reflection each time a template names it, which took 25 of a page's 30 ms. This
/// type reflects on each object only once.
struct TemplateFields: MustacheParent, Sendable {
  private let fields: [String: any Sendable]

  /// - Parameter view: a structure of strings, numbers, Booleans, further structures, and arrays and optionals of
  ///   these.
  init(_ view: Any) {
    self.init(Mirror(reflecting: view))
  }

  private init(_ mirror: Mirror) {
    var fields: [String: any Sendable] = [:]
    fields.reserveCapacity(mirror.children.count)
    for case (let name?, let value) in mirror.children {
      fields[name] = Self.flatten(value)
    }
    self.fields = fields
  }

  func child(named name: String) -> Any? {
    fields[name]
  }

  private static func flatten(_ value: Any) -> any Sendable {
    // A failing cast costs much more than comparing types.
    let type = type(of: value)
    if type == String.self, let text = value as? String { return text }
    if type == String?.self { return value as? String ?? Missing() }
    if type == Bool.self, let truth = value as? Bool { return truth }
    if type == Int.self, let number = value as? Int { return number }
    if type == Double.self, let number = value as? Double { return number }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional: return mirror.children.first.map { flatten($0.value) } ?? Missing()
    case .collection: return mirror.children.map { flatten($0.value) }
    default: return TemplateFields(mirror)
    }
  }

  /// The value that represents nil. The library would look for a missing name in the enclosing objects.
  private struct Missing: MustacheCustomRenderable {
    let renderText = ""
    let isNull = true
  }
}
