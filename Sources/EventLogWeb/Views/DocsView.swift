import JSON
import Text

/// An OpenAPI 3.1 document in readable form: references are resolved, and schemas are described in words.
struct DocsView {
  struct Section {
    let anchor: String
    let title: String
    let description: String
    let operations: [DocsOperationView]
  }

  /// A type of object that the API reads or writes.
  struct Schema {
    let anchor: String
    let name: String
    let description: String
    let members: [Member]
  }

  struct Member {
    let name: String
    let isRequired: Bool
    /// A description of the allowed values, as part of a sentence.
    let form: String
    let description: String
  }

  let title: String
  let description: String
  let sections: [Section]
  let schemas: [Schema]

  init(_ document: JSONValue) {
    let reader = OpenAPIReader(document)
    title = document["info"]?["title"]?.text ?? ""
    description = document["info"]?["description"]?.text ?? ""
    let operations = reader.operations()
    sections = (document["tags"]?.elements ?? []).map { tag in
      let name = tag["name"]?.text ?? ""
      return Section(
        anchor: "section-\(name.lowercased())", title: name, description: tag["description"]?.text ?? "",
        operations: operations.filter { $0.section == name })
    }
    schemas = (document["components"]?["schemas"]?.members ?? [])
      .filter { $0.value["properties"] != nil }
      .map { schema in
        let required = (schema.value["required"]?.elements ?? []).compactMap(\.text)
        return Schema(
          anchor: "schema-\(schema.name.string)", name: schema.name.string,
          description: schema.value["description"]?.text ?? "",
          members: (schema.value["properties"]?.members ?? []).map { member in
            Member(
              name: member.name.string, isRequired: required.contains(member.name.string),
              form: reader.form(of: member.value), description: reader.description(of: member.value))
          })
      }
  }
}
