import JSON
import Text

/// Reads the parts of an OpenAPI 3.1 document and resolves its references.
struct OpenAPIReader {
  private let document: JSONValue

  init(_ document: JSONValue) {
    self.document = document
  }

  /// Returns every operation, in the order of the document.
  func operations() -> [DocsOperationView] {
    (document["paths"]?.members ?? []).flatMap { path in
      path.value.members.map { operation(method: $0.name.string, path: path.name.string, $0.value) }
    }
  }

  private func operation(method: String, path: String, _ operation: JSONValue) -> DocsOperationView {
    let parameters = (operation["parameters"]?.elements ?? []).map(resolve).map { parameter in
      let schema = parameter["schema"].map(resolve) ?? .null
      return DocsOperationView.Parameter(
        name: parameter["name"]?.text ?? "", place: parameter["in"]?.text ?? "", form: form(of: schema),
        description: parameter["description"]?.text ?? "", defaultValue: schema["default"]?.text)
    }
    let requests = contents(of: operation["requestBody"] ?? .null)
    return DocsOperationView(
      anchor: operation["operationId"]?.text ?? "", section: operation["tags"]?.elements.first?.text ?? "",
      method: method.uppercased(), path: path, summary: operation["summary"]?.text ?? "",
      description: operation["description"]?.text ?? "",
      role: operation["security"] == nil ? nil : operation["x-role"]?.text, parameters: parameters,
      hasParameters: !parameters.isEmpty, requests: requests, hasRequests: !requests.isEmpty,
      responses: (operation["responses"]?.members ?? []).map {
        response(status: $0.name.string, resolve($0.value))
      },
      samples: (operation["x-codeSamples"]?.elements ?? []).compactMap { $0["source"]?.text })
  }

  private func response(status: String, _ response: JSONValue) -> DocsOperationView.Response {
    let headers = (response["headers"]?.members ?? []).map { header in
      DocsView.Member(
        name: header.name.string, isRequired: false, form: "",
        description: resolve(header.value)["description"]?.text ?? "")
    }
    return DocsOperationView.Response(
      status: status, description: response["description"]?.text ?? "", headers: headers,
      hasHeaders: !headers.isEmpty, contents: contents(of: response))
  }

  private func contents(of owner: JSONValue) -> [DocsOperationView.Content] {
    (owner["content"]?.members ?? []).map { content in
      let schema = content.value["schema"] ?? .null
      let choices = schema["anyOf"]?.elements ?? [schema]
      // Only objects are described below; a list is one of them.
      let names = choices.compactMap { choice in
        resolve(choice)["properties"] != nil
          ? Self.name(of: choice) : resolve(choice)["items"].flatMap(Self.name).map { "array of \($0)" }
      }
      let examples =
        (content.value["example"].map { [$0] } ?? [])
        + (content.value["examples"]?.members ?? []).compactMap { $0.value["value"] }
      return DocsOperationView.Content(
        mediaType: content.name.string, schema: names.isEmpty ? nil : names.joined(separator: " or "),
        schemaAnchor: names.first.map { "schema-\($0.split(separator: " ").last ?? "")" },
        examples: examples.map(\.readableText))
    }
  }

  /// Describes a schema's values as part of a sentence, such as "string, 1 to 200 characters".
  func form(of schema: JSONValue) -> String {
    let schema = resolve(schema)
    if let values = schema["enum"]?.elements {
      return values.compactMap(\.text).joined(separator: ", ")
    }
    if let constant = schema["const"]?.text { return constant }
    if let choices = schema["anyOf"]?.elements { return choices.map(form).joined(separator: " or ") }
    let type = schema["type"]?.text ?? "any value"
    switch type {
    case "array":
      let items = schema["items"].map { form(of: $0) } ?? "any value"
      return (schema["maxItems"]?.text.map { "up to \($0) items: " } ?? "any number of items: ") + items
    case "string": return (schema["format"]?.text ?? type) + range(schema, "Length", "characters")
    case "integer": return "whole number" + range(schema, "imum", "")
    default: return type
    }
  }

  func description(of schema: JSONValue) -> String {
    if let description = resolve(schema)["description"]?.text { return description }
    return (schema["anyOf"]?.elements ?? []).lazy.compactMap { resolve($0)["description"]?.text }.first ?? ""
  }

  private func range(_ schema: JSONValue, _ suffix: String, _ unit: String) -> String {
    let unit = unit.isEmpty ? "" : " \(unit)"
    return switch (schema[Text("min" + suffix)]?.text, schema[Text("max" + suffix)]?.text) {
    case (nil, nil): ""
    case (let minimum?, nil): ", at least \(minimum)\(unit)"
    case (nil, let maximum?): ", at most \(maximum)\(unit)"
    case (let minimum?, let maximum?): ", \(minimum) to \(maximum)\(unit)"
    }
  }

  /// Returns the last segment of a reference.
  private static func name(of schema: JSONValue) -> String? {
    schema["$ref"]?.text?.split(separator: "/").last.map(String.init)
  }

  /// Resolves a reference within the document.
  private func resolve(_ value: JSONValue) -> JSONValue {
    guard let reference = value["$ref"]?.text else { return value }
    return reference.split(separator: "/").dropFirst()
      .reduce(document) { value, name in value[Text(String(name))] ?? .null }
  }
}
