import EventLog
public import HTTPCore
import HTTPTypes
import JSON
import Text

/// The interface by which programs use saved views: its route table.
public struct ViewsAPI: Sendable {
  private let views: SavedViews

  public init(_ views: SavedViews) {
    self.views = views
  }

  public var routes: [Route] {
    [
      Route(.get, "/views", for: .read, listViews),
      Route(.get, "/views/{name}", produces: .json, for: .read, getView),
      Route(.put, "/views/{name}", takes: [.json], for: .read, putView),
      Route(.delete, "/views/{name}", for: .read, deleteView),
    ]
  }

  /// `GET /views`: lists the visitor's views by name.
  func listViews(_ request: Request) async throws(ProblemDetails) -> Response {
    let views = try await views.all(for: request.visitor)
    return Self.response(to: request, .array(views.map(\.json)))
  }

  /// `GET /views/{name}`: returns a view, or 404 when there is none.
  func getView(_ request: Request) async throws(ProblemDetails) -> Response {
    // At the same address, a browser gets the list.
    Self.response(to: request, try await views.named(in: request).json, fields: [.vary: "Accept"])
  }

  /// `PUT /views/{name}`: saves a view, and returns it. The status says whether there was one of this name (RFC 9110 section
  /// 9.3.4).
  func putView(_ request: Request) async throws(ProblemDetails) -> Response {
    let view = try SavedView(requested: request.body, named: request.pathParameters["name"] ?? "")
    let isNew = try await views.save(view, for: request.visitor)
    let body = Self.text(view.json)
    var fields: HTTPFields = [
      .contentType: MediaType.json.description, .cacheControl: "no-store",
      .eTag: EntityTag(of: body).description,
    ]
    if isNew {
      fields[.location] = "\(request.target.mount)/views/\(PercentEncoding.encode(view.name.text.string))"
    }
    return Response(isNew ? .created : .ok, fields: fields, body: .bytes(body))
  }

  /// `DELETE /views/{name}`: removes a view, or answers 404 when there is none.
  func deleteView(_ request: Request) async throws(ProblemDetails) -> Response {
    try await views.remove(namedIn: request)
    return Response(.noContent, fields: [.cacheControl: "no-store"])
  }

  private static func text(_ json: JSONValue) -> [UInt8] {
    var text: [UInt8] = []
    text.appendJSON(json)
    return text + "\n".utf8
  }

  private static func response(
    to request: Request, _ json: JSONValue, fields: HTTPFields = [:]
  ) -> Response {
    let body = text(json)
    let entityTag = EntityTag(of: body)
    var fields = fields
    fields[.contentType] = MediaType.json.description
    fields[.cacheControl] = "no-cache"
    fields[.eTag] = entityTag.description
    return request.hasCurrent(entityTag)
      ? .notModified(fields) : Response(.ok, fields: fields, body: .bytes(body))
  }
}

extension SavedView {
  /// Reads what a client asks of a view.
  ///
  /// - Throws: 400 when the content is not JSON; 422 with the place of the error when it is no view.
  fileprivate init(requested body: [UInt8], named name: Text) throws(ProblemDetails) {
    let json: JSONValue
    do { json = try JSONValue(parsing: body) } catch {
      throw ProblemDetails(
        .malformedRequest, detail: "The content is not JSON: \(error.reason), at byte \(error.offset).")
    }
    do throws(InvalidMember) {
      self = try SavedView(json, named: try ViewName(name))
    } catch {
      throw ProblemDetails(
        .unprocessableContent, detail: "The view is not valid; nothing was saved.",
        errors: [ProblemDetails.Entry(.pointer(error.pointer), detail: error.detail)])
    }
  }
}
