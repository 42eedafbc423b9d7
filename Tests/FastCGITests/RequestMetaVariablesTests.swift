import HTTPCore
import HTTPTypes
import Testing

@testable import FastCGI
import Text

/// Tests of requests that are made from meta-variables.
struct RequestMetaVariablesTests {
  private func variables(_ entries: [String]) -> MetaVariables {
    var variables = MetaVariables()
    for entry in entries { variables.append(entry.utf8) }
    return variables
  }

  private func request(_ entries: String...) throws(ProblemDetails) -> Request {
    try Request(variables(["REQUEST_METHOD=GET"] + entries), body: [], id: "own")
  }

  struct TargetCase: Sendable {
    let entries: [String]
    let mount: String
    let path: [String]
    var query = ""
  }

  @Test(arguments: [
    TargetCase(entries: ["REQUEST_URI=/events/evt_001"], mount: "", path: ["events", "evt_001"]),
    TargetCase(entries: ["REQUEST_URI=/"], mount: "", path: [""]),
    TargetCase(
      entries: ["REQUEST_URI=/events?type=a%20b&x"], mount: "", path: ["events"], query: "type=a%20b&x"),
    TargetCase(entries: ["REQUEST_URI=/a%2Fb/%C3%BC"], mount: "", path: ["a/b", "ü"]),
    TargetCase(entries: ["REQUEST_URI=/a%252Fb"], mount: "", path: ["a%2Fb"]),
    TargetCase(entries: ["REQUEST_URI=http://host/events?q"], mount: "", path: ["events"], query: "q"),
    TargetCase(entries: ["REQUEST_URI=http://host"], mount: "", path: [""]),
    // The web server splits the path into SCRIPT_NAME and PATH_INFO.
    TargetCase(
      entries: ["REQUEST_URI=/log/events", "SCRIPT_NAME=/log", "PATH_INFO=/events"], mount: "/log",
      path: ["events"]),
    TargetCase(entries: ["REQUEST_URI=/log", "SCRIPT_NAME=/log", "PATH_INFO="], mount: "/log", path: [""]),
    TargetCase(
      entries: ["REQUEST_URI=/my%20log/events", "SCRIPT_NAME=/my log", "PATH_INFO=/events"],
      mount: "/my%20log", path: ["events"]),
    TargetCase(
      entries: ["REQUEST_URI=/log/events", "SCRIPT_NAME=/log"], mount: "/log", path: ["events"]),
    TargetCase(entries: ["REQUEST_URI=/logs", "SCRIPT_NAME=/log"], mount: "", path: ["logs"]),
    TargetCase(
      entries: ["REQUEST_URI=/events", "SCRIPT_NAME=/", "PATH_INFO=events"], mount: "", path: ["events"]),
    // A web server finds the mount by the path without repeated slashes.
    TargetCase(
      entries: ["REQUEST_URI=//log/events", "SCRIPT_NAME=/log", "PATH_INFO=/events"], mount: "/log",
      path: ["", "events"]),
    TargetCase(
      entries: ["REQUEST_URI=/log//events", "SCRIPT_NAME=/log", "PATH_INFO=/events"], mount: "/log",
      path: ["", "events"]),
    TargetCase(
      entries: ["REQUEST_URI=//log//", "SCRIPT_NAME=/log", "PATH_INFO=/"], mount: "/log", path: ["", ""]),
    TargetCase(
      entries: ["REQUEST_URI=//evil.example/log/events", "SCRIPT_NAME=/log", "PATH_INFO=/events"], mount: "",
      path: ["", "evil.example", "log", "events"]),
    // With Debian's default parameters, the script name is the whole path.
    TargetCase(entries: ["REQUEST_URI=/events", "SCRIPT_NAME=/events"], mount: "", path: ["events"]),
    TargetCase(entries: ["REQUEST_URI=/events/", "SCRIPT_NAME=/events/"], mount: "", path: ["events", ""]),
    TargetCase(
      entries: ["REQUEST_URI=//events//", "SCRIPT_NAME=/events/"], mount: "", path: ["", "events", "", ""]),
    TargetCase(
      entries: ["REQUEST_URI=//evil.example/", "SCRIPT_NAME=//evil.example/"], mount: "",
      path: ["", "evil.example", ""]),
    TargetCase(
      entries: ["REQUEST_URI=//evil.example/x", "SCRIPT_NAME=//evil.example", "PATH_INFO=/x"], mount: "",
      path: ["", "evil.example", "x"]),
    // REQUEST_URI is missing, because CGI does not define it.
    TargetCase(
      entries: ["SCRIPT_NAME=/cgi-bin/eventlog", "PATH_INFO=/events/a b", "QUERY_STRING=x=1"],
      mount: "/cgi-bin/eventlog", path: ["events", "a b"], query: "x=1"),
    TargetCase(entries: ["SCRIPT_NAME=/cgi-bin/eventlog"], mount: "/cgi-bin/eventlog", path: [""]),
  ])
  func findsTheTarget(_ example: TargetCase) throws {
    let request = try Request(
      variables(["REQUEST_METHOD=GET"] + example.entries), body: [], id: "own")
    #expect(request.target.mount == example.mount)
    #expect(request.target.path == example.path.map { Text($0) })
    #expect(request.target.query == example.query)
  }

  @Test(arguments: ["/%", "/%zz", "/%ff", "/a%00b", "events", "*"])
  func answers400WhenTheTargetIsNoPath(_ target: String) {
    let error = #expect(throws: ProblemDetails.self) { try request("REQUEST_URI=\(target)") }
    #expect(error?.status == .badRequest && error?.detail.hasPrefix("The target") == true)
  }

  @Test(arguments: [[], ["REQUEST_METHOD="], ["REQUEST_METHOD=A B"]])
  func answers400WhenThereIsNoMethod(_ entries: [String]) {
    let error = #expect(throws: ProblemDetails.self) {
      try Request(variables(["REQUEST_URI=/"] + entries), body: [], id: "own")
    }
    #expect(error?.status == .badRequest && error?.detail.hasSuffix("no valid method.") == true)
  }

  @Test(
    arguments: [
      ("POST", ["HTTP_TRANSFER_ENCODING=chunked"], true),
      ("POST", ["HTTP_TRANSFER_ENCODING=chunked", "CONTENT_LENGTH="], true),
      ("POST", ["HTTP_TRANSFER_ENCODING=chunked", "CONTENT_LENGTH=2"], false), ("POST", [], false),
      ("GET", ["HTTP_TRANSFER_ENCODING=chunked"], false),
    ] as [(String, [String], Bool)])
  func answers411ToContentWithoutItsLength(_ method: String, _ entries: [String], isRefused: Bool) {
    let variables = variables(["REQUEST_METHOD=\(method)", "REQUEST_URI=/events"] + entries)
    let result = Result { () throws(ProblemDetails) in try Request(variables, body: [], id: "own") }
    switch result {
    case .success: #expect(!isRefused)
    case .failure(let problem): #expect(isRefused && problem.status == .lengthRequired)
    }
  }

  @Test func answers431WhenThereIsTooMuch() {
    let error = #expect(throws: ProblemDetails.self) {
      try request("REQUEST_URI=/", "HTTP_X=" + String(repeating: "x", count: MetaVariables.maximumSize))
    }
    #expect(error?.status == .requestHeaderFieldsTooLarge)
  }

  @Test func takesFields() throws {
    let request = try request(
      "REQUEST_URI=/", "CONTENT_TYPE=text/plain", "HTTP_ACCEPT=a/b", "HTTP_ACCEPT=c/d", "HTTP_PROXY=evil",
      "HTTP_SEC_FETCH_SITE=none", "HTTP_EMPTY=", "HTTP_:PATH=evil", "HTTP_:=evil", "HTTP_=evil", "HTTPS=on")
    #expect(request.fields[values: .accept] == ["a/b", "c/d"])
    #expect(request.fields[.contentType] == "text/plain")
    #expect(request.fields[.secFetchSite] == "none")
    #expect(request.fields.count == 4)
  }

  @Test func keepsTheBytesOfAFieldThatIsNotUTF8() throws {
    var variables = variables(["REQUEST_METHOD=GET", "REQUEST_URI=/"])
    variables.append(Array("HTTP_ACCEPT=a/".utf8) + [0xFF])
    let request = try Request(variables, body: [], id: "own")
    let bytes = request.fields.first?.withUnsafeBytesOfValue { Array($0) }
    #expect(bytes == Array("a/".utf8) + [0xFF])
  }

  @Test func countsTheFirstOfARepeatedVariable() throws {
    let request = try request("REQUEST_URI=/first", "REQUEST_URI=/second")
    #expect(request.target.path == ["first"])
  }

  @Test(arguments: [
    ("abc-1.2_3", "abc-1.2_3"), ("a b", nil), ("a\nb", nil), ("", nil),
    (String(repeating: "x", count: 200), String(repeating: "x", count: 200)),
    (String(repeating: "x", count: 201), nil),
  ])
  func takesTheRequestIDThatIsSafeToPrint(_ sent: String, taken: String?) {
    var variables = MetaVariables()
    variables.append("HTTP_X_REQUEST_ID=\(sent)".utf8)
    #expect(variables.requestID == taken)
  }

  @Test(arguments: ["192.0.2.1", "2001:db8:85a3:8d3:1319:8a2e:370:7348"])
  func knowsTheAddressOfTheClient(_ address: String) throws {
    #expect(try request("REQUEST_URI=/", "REMOTE_ADDR=\(address)").clientAddress == address)
    #expect(try request("REQUEST_URI=/").clientAddress == nil)
    #expect(try request("REQUEST_URI=/", "REMOTE_ADDR=").clientAddress == nil)
  }

  @Test(
    arguments: [
      ([], .http), (["REQUEST_SCHEME=http"], .http), (["REQUEST_SCHEME=https"], .https),
      (["HTTPS=on"], .https), (["HTTPS=1"], .https), (["HTTPS=off"], .http), (["HTTPS="], .http),
      (["REQUEST_SCHEME=", "HTTPS=on"], .https), (["REQUEST_SCHEME=http", "HTTPS=on"], .http),
      // The client's claims are ignored.
      (["HTTP_HTTPS=on", "HTTP_X_FORWARDED_PROTO=https"], .http),
    ] as [([String], Request.Scheme)])
  func knowsTheScheme(_ entries: [String], scheme: Request.Scheme) throws {
    let request = try Request(
      variables(["REQUEST_METHOD=GET", "REQUEST_URI=/"] + entries), body: [], id: "own")
    #expect(request.scheme == scheme)
  }

  @Test func knowsTheRemoteUser() throws {
    #expect(try request("REQUEST_URI=/", "REMOTE_USER=anna").remoteUser == "anna")
    #expect(try request("REQUEST_URI=/", "REMOTE_USER=").remoteUser == nil)
    // A field that the client sends is not a variable that the web server sets.
    #expect(try request("REQUEST_URI=/", "HTTP_REMOTE_USER=evil").remoteUser == nil)
    var invalid = variables(["REQUEST_METHOD=GET", "REQUEST_URI=/"])
    invalid.append(Array("REMOTE_USER=a".utf8) + [0xff])
    #expect(try Request(invalid, body: [], id: "own").remoteUser == nil)
  }

  @Test(arguments: [
    ("", 0 as Int?), ("0", 0), ("12", 12), ("-1", nil), ("1x", nil), ("99999999999999999999", nil),
  ])
  func readsTheContentLength(_ value: String, length: Int?) {
    #expect(variables(["CONTENT_LENGTH=\(value)"]).contentLength == length)
  }
}
