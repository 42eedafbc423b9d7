public import HTTPTypes

extension Response {
  /// Returns a 304 in place of a representation that the client already has (RFC 9110 section 15.4.5).
  ///
  /// - Parameter fields: the fields of the representation; those that describe its content are left out.
  /// - Returns: the response, without content.
  public static func notModified(_ fields: HTTPFields) -> Response {
    var fields = fields
    fields[.contentType] = nil
    fields[.contentDisposition] = nil
    return Response(.notModified, fields: fields)
  }
}
