/// One operation of the API, as the reference shows it.
struct DocsOperationView {
  struct Parameter {
    let name: String
    /// The parameter's location: `query`, `path` or `header`.
    let place: String
    let form: String
    let description: String
    /// The value that applies if the parameter is absent; nil if there is none.
    let defaultValue: String?
  }

  struct Content {
    let mediaType: String
    /// The schema's name; nil if it has none.
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
  /// The role that a key needs; nil where nobody is asked, or the operation is open to everyone.
  let role: String?
  let parameters: [Parameter]
  let hasParameters: Bool
  let requests: [Content]
  let hasRequests: Bool
  let responses: [Response]
  /// Example commands for a shell.
  let samples: [String]
}
