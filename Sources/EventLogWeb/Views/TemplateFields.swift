import Mustache

/// The properties of a view model by name.
///
/// The library finds a property by reflection each time that a template names it, which took 25 of the 30 ms of a page.
/// This reflects on each object once.
struct TemplateFields: MustacheParent, Sendable {
  private let fields: [String: any Sendable]

  /// - Parameter view: a structure of texts, numbers, truth values, further structures, and arrays and optionals of
  ///   these.
  init(_ view: Any) {
    self.init(Mirror(reflecting: view))
  }

  private init(_ mirror: Mirror) {
    var fields: [String: any Sendable] = [:]
    fields.reserveCapacity(mirror.children.count)
    for case (let name?, let value) in mirror.children {
      if let value = Self.flatten(value) { fields[name] = value }
    }
    self.fields = fields
  }

  func child(named name: String) -> Any? {
    fields[name]
  }

  /// - Returns: nil of an optional that is nil.
  private static func flatten(_ value: Any) -> (any Sendable)? {
    switch value {
    case let text as String: return text
    case let truth as Bool: return truth
    case let number as Int: return number
    case let number as Double: return number
    case let fields as TemplateFields: return fields
    default: break
    }
    let mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional: return mirror.children.first.flatMap { flatten($0.value) }
    case .collection: return mirror.children.compactMap { flatten($0.value) } as [any Sendable]
    default: return TemplateFields(mirror)
    }
  }
}
