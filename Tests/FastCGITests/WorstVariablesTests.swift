import HTTPCore
import TestSupport
import Testing
import Text

@testable import FastCGI

/// Combining marks in a meta-variable take no longer than other bytes, up to the size that is accepted.
struct WorstVariablesTests {
  @Test(arguments: [
    ["REQUEST_METHOD={}"], ["REQUEST_URI={}"], ["REQUEST_URI=/{}?{}"], ["REQUEST_URI=http://{}/{}"],
    ["REQUEST_URI=/{}", "SCRIPT_NAME=/{}"], ["REQUEST_URI=/{}/a", "SCRIPT_NAME=/{}", "PATH_INFO=/a"],
    ["SCRIPT_NAME={}", "PATH_INFO={}", "QUERY_STRING={}"], ["REQUEST_URI=/", "HTTP_X_REQUEST_ID={}"],
    ["REQUEST_URI=/", "CONTENT_LENGTH={}"], ["REQUEST_URI=/", "CONTENT_TYPE={}"],
    ["REQUEST_URI=/", "HTTP_{}=a"],
    ["REQUEST_URI=/", "HTTP_COOKIE={}", "REMOTE_USER={}", "REMOTE_ADDR={}", "REQUEST_SCHEME={}", "HTTPS={}"],
  ])
  func areReadInLinearTime(_ blanks: [String]) {
    expectLinearTime("\(blanks)") { marks in
      var variables = MetaVariables()
      if !blanks[0].hasPrefix("REQUEST_METHOD") { variables.append("REQUEST_METHOD=GET".utf8) }
      for blank in blanks {
        let parts = blank.split(separator: "{}", omittingEmptySubsequences: false)
        variables.append(parts.joined(separator: marks.string).utf8)
      }
      _ = (variables.requestID, variables.contentLength)
      _ = try Request(variables, body: [], id: "id").target.description
    }
  }
}
