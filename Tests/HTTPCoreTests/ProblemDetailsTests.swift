import HTTPCore
import HTTPTypes
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

  @Test func leavesOutErrorsThatThereAreNot() {
    #expect(!ProblemDetails(.notFound, detail: "no").response.text.contains("errors"))
  }
}
