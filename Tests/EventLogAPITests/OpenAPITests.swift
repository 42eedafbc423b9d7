import EventLog
import EventLogAccess
import HTTPCore
import HTTPTypes
import JSON
import Testing

@testable import EventLogAPI
@testable import EventLogFormats
import Text

/// Tests of `GET /openapi.json`: the description is true.
struct OpenAPITests {
  private let document = OpenAPI.document
  private let routes =
    EventAPI(
      store: MemoryEventStore(), availability: Availability(store: MemoryEventStore()), version: "1.2.3"
    ).routes + ViewsAPI(SavedViews(MemoryViewStore(), access: nil)).routes

  @Test func describesEveryRouteAndNoOther() {
    let described = Set(operations.map { "\($0.method) \($0.path)" })
    #expect(described == Set(routes.map { "\($0.method.rawValue) \($0.path)" }))
  }

  @Test func offersTheMediaTypesOfTheRoutes() {
    for operation in operations {
      let produced = Set(
        routes.filter { $0.method.rawValue == operation.method && $0.path == operation.path }
          .compactMap(\.produces).map { "\($0.type)/\($0.subtype)" })
      let success = operation.value["responses"]?.members.first { $0.name.string.hasPrefix("2") }?.value
      let described = Set((success?["content"]?.members ?? []).map(\.name.string))
      // The answer to what OpenTelemetry sends is in the encoding of the request.
      let count = operation.path == "/v1/logs" ? 2 : operation.method == "DELETE" ? 0 : 1
      if produced.isEmpty { #expect(described.count == count, "\(operation.path)") }
      #expect(produced.isEmpty || described == produced, "\(operation.path)")
      // Where content is negotiated, negotiation can fail.
      #expect(!produced.isEmpty == (operation.value["responses"]?["406"] != nil), "\(operation.path)")
    }
  }

  @Test func takesTheMediaTypesOfTheRoutes() {
    for operation in operations {
      let taken = Set(
        routes.filter { $0.method.rawValue == operation.method && $0.path == operation.path }
          .flatMap(\.takes).map { "\($0.type)/\($0.subtype)" })
      let described = Set((operation.value["requestBody"]?["content"]?.members ?? []).map(\.name.string))
      #expect(described == taken, "\(operation.path)")
      #expect(!taken.isEmpty == (operation.value["responses"]?["415"] != nil), "\(operation.path)")
    }
  }

  @Test func namesEveryParameter() throws {
    var wanted = [
      "GET /health": [], "GET /openapi.json": [], "GET /events": EventQuery.parameterNames,
      "GET /events/histogram": HistogramQuery.parameterNames,
      "GET /events/facets": FacetQuery.parameterNames, "GET /events/{id}": [], "POST /events": ["drop"],
      "POST /v1/logs": [], "GET /views": [], "GET /views/{name}": [], "PUT /views/{name}": [],
      "DELETE /views/{name}": [],
      "GET /events/stream": EventCondition.parameterNames + ["after"],
      "GET /events.atom": EventCondition.parameterNames + ["after"],
    ]
    for format in EventFormat.allCases { wanted["GET /events.\(format.suffix)"] = EventQuery.parameterNames }
    wanted["GET /events"]?.append("wait")
    wanted["GET /events.csv"]?.append(ByteOrderMark.parameterName.string)
    for operation in operations {
      let names = (operation.value["parameters"]?.elements ?? []).map(resolve)
        .filter { $0["in"] == .string("query") }.compactMap { $0["name"]?.text }
      let name = "\(operation.method) \(operation.path)"
      #expect(names == wanted.removeValue(forKey: name), "\(name)")
    }
    #expect(wanted.isEmpty)
  }

  @Test func limitsEveryTextThatClientsGive() {
    let members = document["components"]?["schemas"]?["EventDraft"]?["properties"]?.members ?? []
    #expect(members.count == EventMember.allCases.count { !$0.isGivenByTheLog })
    for member in members {
      let schema = resolve(member.value)
      let alternatives = (schema["anyOf"]?.elements ?? [schema]).map(resolve)
      for text in alternatives where text["type"] == .string("string") {
        #expect(text["enum"] != nil || text["maxLength"] != nil, "\(member.name.string)")
      }
    }
  }

  @Test func hasOnlyReferencesThatLead() {
    var count = 0
    visit(document) { value in
      guard case .string? = value["$ref"] else { return }
      count += 1
      #expect(resolve(value) != .null, "\(value)")
    }
    #expect(count > 50)
  }

  @Test func hasTheLimitsOfTheDomain() {
    let schemas = document["components"]?["schemas"]
    #expect(
      schemas?["EventType"]?["enum"] == .array(EventType.allCases.map { .string($0.rawValue) }))
    #expect(schemas?["Source"]?["maxLength"] == number(EventDraft.Limit.nameLength))
    #expect(schemas?["Message"]?["maxLength"] == number(EventDraft.Limit.messageSize))
    #expect(schemas?["Tags"]?["maxItems"] == number(EventDraft.Limit.tagCount))
    #expect(schemas?["Tags"]?["items"]?["maxLength"] == number(EventDraft.Limit.tagLength))
    #expect(schemas?["EventBatch"]?["maxItems"] == number(EventBatch.maximumCount))
    #expect(schemas?["View"]?["properties"]?["columns"]?["maxItems"] == number(ListColumns.maximumCount))
    let parameters = document["components"]?["parameters"]
    #expect(parameters?["ViewName"]?["schema"]?["maxLength"] == number(ViewName.maximumLength))
    #expect(parameters?["Limit"]?["schema"]?["maximum"] == number(EventQuery.maximumLimit))
    #expect(parameters?["Buckets"]?["schema"]?["maximum"] == number(HistogramQuery.maximumBuckets))
    #expect(parameters?["Search"]?["schema"]?["maxLength"] == number(SearchQuery.maximumLength))
    #expect(
      parameters?["Sort"]?["schema"]?["enum"]
        == .array(EventQuery.Sort.allCases.map { .string($0.rawValue) }))
  }

  @Test func hasMembersThatAnEventHas() throws {
    let schemas = document["components"]?["schemas"]
    let draft = Set((schemas?["EventDraft"]?["properties"]?.members ?? []).map(\.name.string))
    let form = Set((schemas?["EventForm"]?["properties"]?.members ?? []).map(\.name))
    #expect(Set(draft.map { Text($0) }).union([Request.idempotencyField]) == form)
    let event = Set((schemas?["Event"]?["properties"]?.members ?? []).map(\.name.string))
    #expect(event == draft.union(EventMember.allCases.filter(\.isGivenByTheLog).map(\.rawValue)))
    #expect(event == Set(EventMember.allCases.map(\.rawValue)))
  }

  @Test func hasExamplesThatAreTaken() async throws {
    let api = APIUnderTest(store: MemoryEventStore())
    let content = document["paths"]?["/events"]?["post"]?["requestBody"]?["content"]
    let examples = (content?["application/json"]?["examples"]?.members ?? []).compactMap { $0.value["value"] }
    #expect(examples.count == 3)
    for example in examples {
      var body: [UInt8] = []
      body.appendJSON(example)
      #expect(try await api.post(String(decoding: body, as: UTF8.self)).status == .created)
    }
    for format in ["application/x-ndjson", "text/csv"] {
      let example = try #require(content?[Text(format)]?["example"]?.text)
      #expect(try await api.post(example, contentType: format).status == .created)
    }
    let form = (content?["application/x-www-form-urlencoded"]?["example"]?.members ?? [])
      .map { ($0.name, Text($0.value.text ?? "")) }
    let response = try await api.post(
      FormURLEncoded.encode(form), contentType: "application/x-www-form-urlencoded")
    #expect(response.status == .created)

    var count = 0
    for (name, parameter) in (document["components"]?["parameters"]?.members ?? []).map({
      ($0.name.string, $0.value)
    })
    where parameter["in"] == .string("query") {
      guard let example = parameter["example"], let query = parameter["name"]?.text else { continue }
      let value = example.elements.first?.text ?? example.text ?? ""
      if query == "drop" {
        let fields: HTTPFields = [.contentType: "application/json"]
        let event = #"{"type":"info","source":"s","message":"m","\#(value)":0}"#
        let response = try await api.respond(
          .post, "/events", query: "drop=\(value)", fields: fields, body: event.utf8)
        #expect(response.status == .created)
        continue
      }
      if query == "wait" {
        #expect(try await api.get("/events", query: "after=evt_001&wait=\(value)").status == .ok)
        continue
      }
      let path =
        query == "by"
        ? "/events/facets" : HistogramQuery.parameterNames.contains(query) ? "/events/histogram" : "/events"
      let status = try await api.get(path, query: FormURLEncoded.encode([(Text(query), Text(value))])).status
      #expect(status == .ok, "\(name)")
      count += 1
    }
    #expect(count >= 10)
  }

  @Test func hasCommandsThatWork() async throws {
    let api = try await APIUnderTest.withExamples()
    for operation in operations where operation.method == "GET" {
      let samples = (operation.value["x-codeSamples"]?.elements ?? []).compactMap { $0["source"]?.text }
      #expect(!samples.isEmpty, "\(operation.path)")
      for sample in samples {
        let target = try #require(sample.firstMatch(of: /"\$log([^"]*)"/)?.output.1, "\(sample)")
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        #expect(
          try await api.get(parts[0], query: parts.count > 1 ? parts[1] : "").status == .ok, "\(sample)")
      }
    }
  }

  @Test func isServedWithItsPlaceAndVersion() async throws {
    let response = try await APIUnderTest.withExamples().respond(.get, "/openapi.json", mount: "/log")
    #expect(response.fields[.contentType] == "application/json")
    let served = try JSONValue(parsing: try await response.bytes())
    #expect(served["servers"] == .array([.object([JSONMember(name: "url", value: .string("/log"))])]))
    #expect(served["info"]?["version"] == .string("1.2.3"))
    #expect(served["paths"] == document["paths"])
  }

  private var operations: [(method: String, path: String, value: JSONValue)] {
    (document["paths"]?.members ?? []).flatMap { path in
      path.value.members.map { ($0.name.string.uppercased(), path.name.string, $0.value) }
    }
  }

  private func number(_ number: Int) -> JSONValue { .number(String(number)) }

  private func resolve(_ value: JSONValue) -> JSONValue {
    guard let reference = value["$ref"]?.text else { return value }
    return reference.split(separator: "/").dropFirst()
      .reduce(document) { value, name in value[Text(String(name))] ?? .null }
  }

  private func visit(_ value: JSONValue, _ body: (JSONValue) -> Void) {
    body(value)
    for element in value.elements { visit(element, body) }
    for member in value.members { visit(member.value, body) }
  }
}

extension JSONValue {
  var text: String? {
    switch self {
    case .string(let text), .number(let text): text
    default: nil
    }
  }

  var elements: [JSONValue] { if case .array(let elements) = self { elements } else { [] } }
  var members: [JSONMember] { if case .object(let members) = self { members } else { [] } }
}
