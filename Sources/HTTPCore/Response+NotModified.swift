public import HTTPTypes

extension Response {
  /// 304 in place of a representation that the client has: its fields, without those of its content
  /// (RFC 9110 section 15.4.5).
  public static func notModified(_ fields: HTTPFields) -> Response {
    var fields = fields
    fields[.contentType] = nil
    fields[.contentDisposition] = nil
    return Response(.notModified, fields: fields)
  }
}
