import HTTPTypes
public import Text

/// A coding in which the content of requests may be sent (RFC 9110 section 8.4.1).
public struct ContentCoding: Sendable {
  /// The names of the coding in lower case, the usual one first.
  let names: [Text]
  private let decode: @Sendable ([UInt8]) throws(ProblemDetails) -> [UInt8]

  /// - Parameters:
  ///   - names: the names of the coding in lower case, the usual one first.
  ///   - decode: returns the decoded content, or throws the problem to answer with.
  public init(_ names: [Text], decode: @escaping @Sendable ([UInt8]) throws(ProblemDetails) -> [UInt8]) {
    self.names = names
    self.decode = decode
  }

  /// Decodes the content of a request.
  ///
  /// - Parameters:
  ///   - request: a request, whose content is replaced and which has no `Content-Encoding` then.
  ///   - codings: the codings that are taken.
  /// - Throws: 415 for another coding, with the codings that are taken in `Accept-Encoding`; 400 for content that was coded
  ///   more than once; what a coding throws.
  static func decode(_ request: inout Request, by codings: [ContentCoding]) throws(ProblemDetails) {
    guard request.fields.contains(.contentEncoding) else { return }
    let given = request.fields[values: .contentEncoding].flatMap { Text($0).split(separator: ",") }
      .map(\.trimmingBlanks.lowercasedASCII).filter { !$0.isEmpty && $0 != "identity" }
    let known = given.compactMap { name in codings.first { $0.names.contains(name) } }
    guard known.count == given.count else {
      let names = (codings.compactMap(\.names.first) + ["identity"]).map(\.string)
      throw ProblemDetails(
        .unsupportedMediaType,
        detail: "The Content-Encoding must be \(names.joined(separator: " or ")).",
        fields: [.acceptEncoding: names.joined(separator: ", ")])
    }
    guard known.count <= 1 else {
      throw ProblemDetails(.malformedRequest, detail: "The content was encoded more than once.")
    }
    if let coding = known.first { request.body = try coding.decode(request.body) }
    request.fields[.contentEncoding] = nil
  }
}
