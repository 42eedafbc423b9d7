import HTTPCore
import HTTPTypes
import TestSupport
import Testing

struct ProblemDetailsTests {
  @Test func isWrittenAsJSON() {
    let problem = ProblemDetails(
      .unprocessableContent, detail: "It is \"bad\".",
      errors: [.init(.pointer("/a"), detail: "x"), .init(.parameter("p"), detail: "y")],
      fields: [.retryAfter: "1"], cause: "secret")
    let response = problem.response
    #expect(response.status == .unprocessableContent)
    #expect(response.fields[.contentType] == "application/problem+json")
    #expect(response.fields[.retryAfter] == "1")
    #expect(response.cause == "secret")
    #expect(
      response.text == #"""
        {"type":"about:blank","title":"Unprocessable Content","status":422,"detail":"It is \"bad\".",\#
        "errors":[{"pointer":"#/a","detail":"x"},{"parameter":"p","detail":"y"}]}

        """#)
  }

  /// What is wrong now may be right in a moment, and is nobody else's business.
  @Test(arguments: [HTTPResponse.Status.notFound, .methodNotAllowed, .serviceUnavailable])
  func isNotKeptByCaches(_ status: HTTPResponse.Status) throws {
    let problem = ProblemDetails(
      status, detail: "No.", fields: [.retryAfter: "1", .cacheControl: "max-age=60"])
    let request = Request(target: try #require(RequestTarget(path: "/")))
    for response in [problem.response, problem.response(to: request)] {
      #expect(response.fields[values: .cacheControl] == ["no-store"])
      #expect(response.fields[.retryAfter] == "1")
    }
  }

  @Test func leavesOutErrorsThatThereAreNot() {
    #expect(!ProblemDetails(.notFound, detail: "no").response.text.contains("errors"))
  }

  @Test func hasTheTypeAndTheTitleOfItsKind() throws {
    let type = ProblemType("odd", .conflict, title: "It is odd", meaning: "m", remedy: "r")
    let problem = ProblemDetails(type, detail: "no")
    let target = try #require(RequestTarget(mount: "/log", path: "/"))
    #expect(problem.status == .conflict)
    #expect(
      problem.response(to: Request(target: target)).text
        == #"{"type":"/log/docs#problem-odd","title":"It is odd","status":409,"detail":"no"}"# + "\n")
    // Without a request, the address of the reference is unknown.
    #expect(
      problem.response.text
        == #"{"type":"about:blank","title":"Conflict","status":409,"detail":"no"}"# + "\n")
  }
}
