/// One operation of the API.
struct DocsOperationView {
  struct Parameter {
    let name: String
    /// `query`, `path` or `header`.
    let place: String
    let form: String
    let description: String
    /// The value that is taken when it is not given; nil when there is none.
    let defaultValue: String?
  }

  struct Content {
    let mediaType: String
    /// The name of the schema, where it has one.
    let schema: String?
    let schemaAnchor: String?
    let examples: [String]
  }

  struct Response {
    let status: String
    let description: String
    let headers: [DocsView.Member]
    let hasHeaders: Bool
    let contents: [Content]
  }

  let anchor: String
  let section: String
  let method: String
  let path: String
  let summary: String
  let description: String
  let parameters: [Parameter]
  let hasParameters: Bool
  let requests: [Content]
  let hasRequests: Bool
  let responses: [Response]
  /// Commands for a shell.
  let samples: [String]
}
