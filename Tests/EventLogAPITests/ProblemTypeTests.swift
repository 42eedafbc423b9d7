import EventLog
import EventLogAPI
import Foundation
import HTTPCore
import HTTPTypes
import JSON
import TestSupport
import Testing
import Text

/// Tests of the types of problems: those in responses, in the list and in the description are the same.
struct ProblemTypeTests {
  private static let event = #"{"type":"info","source":"a","message":"b"}"#

  private static func problem(
    _ method: HTTPRequest.Method = .get, _ path: String = "/events", query: String = "",
    contentType: MediaType? = nil, fields: HTTPFields = [:], body: String = "",
    failing reason: EventStoreError.Reason? = nil
  ) async throws -> [String: Any] {
    let store: any EventStore =
      if let reason {
        FailingStore(reason, cause: "secret")
      } else {
        MemoryEventStore()
      }
    var fields = fields
    fields[.contentType] = contentType?.description
    let response = try await APIUnderTest(store: store)
      .respond(method, path, query: query, fields: fields, body: body.utf8, mount: "/log")
    #expect(response.fields[.contentType] == "application/problem+json")
    let problem = try await response.object()
    #expect(problem["status"] as? Int == response.status.code)
    return problem
  }

  /// Returns problems of every type that the API answers with.
  private static func typedProblems() async throws -> [[String: Any]] {
    [
      try await problem(.post, contentType: .json, body: "{"),
      try await problem(.post, contentType: .form, body: "a=%"),
      try await problem(query: "a=%"),
      try await problem(.post, contentType: .json, fields: [.secFetchSite: "cross-site"], body: event),
      try await problem(.post, contentType: .json, body: "{}"),
      try await problem(.post, contentType: .form, body: "a=b"),
      try await problem(query: "limit=0"),
      try await problem(.get, "/events/histogram", query: "buckets=0"),
      try await problem(.post, contentType: .json, body: event, failing: .underWay),
      try await keyProblem(), try await problem(failing: .damaged), try await problem(failing: .busy),
      try await problem(failing: .unavailable), try await problem(failing: .timedOut),
      try await problem(.post, contentType: .json, body: event, failing: .full),
    ]
  }

  /// Returns the problem of a key that was used for something else.
  private static func keyProblem() async throws -> [String: Any] {
    let api = APIUnderTest(store: MemoryEventStore())
    let fields: HTTPFields = [.contentType: MediaType.json.description, .idempotencyKey: "k"]
    for body in [event, event + " "] {
      let response = try await api.respond(.post, "/events", fields: fields, body: body.utf8, mount: "/log")
      if response.status != .created { return try await response.object() }
    }
    throw CancellationError()
  }

  @Test func answersWithEveryTypeOfTheListAndNoOther() async throws {
    var answered: [String] = []
    for problem in try await Self.typedProblems() {
      let uri = try #require(problem["type"] as? String)
      let type = try #require(ProblemType.all.first { $0.uri(mount: "/log") == uri }, "\(uri)")
      #expect(problem["status"] as? Int == type.status.code)
      #expect(problem["title"] as? String == type.title)
      answered.append(type.name)
    }
    #expect(Set(answered) == Set(ProblemType.all.map(\.name)))
    #expect(answered.count == 15)
  }

  @Test func answersWithAboutBlankWhereTheStatusSaysAll() async throws {
    for (problem, title) in [
      (try await Self.problem(.get, "/nothing"), "Not Found"),
      (try await Self.problem(.get, "/events/evt_009"), "Not Found"),
      (try await Self.problem(.put), "Method Not Allowed"),
      (try await Self.problem(fields: [.accept: "image/png"]), "Not Acceptable"),
      (try await Self.problem(.post, contentType: .html), "Unsupported Media Type"),
      (try await Self.problem(failing: .cancelled), "Service Unavailable"),
    ] {
      #expect(problem["type"] as? String == "about:blank")
      #expect(problem["title"] as? String == title)
    }
  }

  @Test func listsEveryTypeThatTheSourcesHaveOnce() throws {
    let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources")
    let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
    var names: [String] = []
    for case let file as URL in files where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      names += text.matches(of: /ProblemType\(\s*"([^"]*)"/).map { String($0.output.1) }
    }
    #expect(names.sorted() == ProblemType.all.map(\.name).sorted())
    #expect(Set(names).count == names.count)
  }

  @Test func areWhatTheDescriptionSays() throws {
    let uris = ["about:blank"] + ProblemType.all.map { $0.uri(mount: "") }
    let type = OpenAPI.document["components"]?["schemas"]?["Problem"]?["properties"]?["type"]
    #expect(type?["examples"] == .array(uris.map { .string($0) }))
    guard case .string(let pattern)? = type?["pattern"] else { throw CancellationError() }
    let regex = try Regex(pattern)
    for uri in uris + ProblemType.all.map({ $0.uri(mount: "/my/log") }) {
      #expect(uri.wholeMatch(of: regex) != nil, "\(uri)")
    }
    for other in ["", "/docs", "/docs#problem-", "/docs#problem-odd", "x/docs#problem-log-full"] {
      #expect(other.wholeMatch(of: regex) == nil, "\(other)")
    }
  }

  @Test func areThoseOfTheExamplesInTheDescription() {
    var types: Set<String> = []
    for example in Self.examples(in: OpenAPI.document["components"]?["responses"] ?? .null) {
      guard case .string(let uri)? = example["type"], case .number(let status)? = example["status"] else {
        continue
      }
      types.insert(uri)
      if uri == "about:blank" {
        let known: [HTTPResponse.Status] = [
          .notFound, .notAcceptable, .requestTimeout, .conflict, .contentTooLarge, .unsupportedMediaType,
          .unprocessableContent,
        ]
        let phrase = known.first { "\($0.code)" == status }?.reasonPhrase
        #expect(example["title"] == phrase.map { .string($0) })
      } else {
        let type = ProblemType.all.first { $0.uri(mount: "") == uri }
        #expect(example["title"] == type.map { .string($0.title) })
        #expect(type?.status.code.description == status)
      }
    }
    #expect(types == Set(["about:blank"] + ProblemType.all.map { $0.uri(mount: "") }))
  }

  /// Returns every object with a `type` and a `status`, however deeply nested.
  private static func examples(in value: JSONValue) -> [JSONValue] {
    guard case .object(let members) = value else { return [] }
    let isExample = value["type"] != nil && value["status"] != nil
    return (isExample ? [value] : []) + members.flatMap { examples(in: $0.value) }
  }
}
