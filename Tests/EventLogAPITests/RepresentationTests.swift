import EventLog
import EventLogAPI
import EventLogFormats
import Foundation
import HTTPCore
import HTTPTypes
import Testing

/// Tests of the format that `/events` answers in.
struct RepresentationTests {
  private static let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

  @Test(arguments: [
    ("", "application/json"), ("*/*", "application/json"), (browser, "application/json"),
    ("application/x-ndjson", "application/x-ndjson"), ("text/csv", "text/csv; charset=utf-8; header=present"),
    ("text/*", "text/csv; charset=utf-8; header=present"),
    ("application/json;q=0.2, text/csv;q=0.5", "text/csv; charset=utf-8; header=present"),
    ("application/json;q=0, */*;q=0.1", "application/x-ndjson"),
  ])
  func isChosenByAccept(_ accept: String, contentType: String) async throws {
    let response = try await APIUnderTest.withExamples().respond(
      .get, "/events", fields: accept.isEmpty ? [:] : [.accept: accept])
    #expect(response.status == .ok)
    #expect(response.fields[.contentType] == contentType)
    #expect(response.fields[.vary] == "Accept")
    #expect(response.fields[.contentDisposition] == nil)
  }

  @Test func listsWhatThereIsWhenNothingIsAcceptable() async throws {
    let response = try await APIUnderTest.withExamples().respond(
      .get, "/events", fields: [.accept: "image/png"])
    #expect(response.status == .notAcceptable)
    let detail = try #require(try await response.object()["detail"] as? String)
    for mediaType in ["application/json", "application/x-ndjson", "text/csv"] {
      #expect(detail.contains(mediaType))
    }
  }

  @Test(arguments: EventFormat.allCases)
  func isADownloadBySuffix(_ format: EventFormat) async throws {
    let response = try await APIUnderTest.withExamples().respond(
      .get, "/events.\(format.suffix)", query: "limit=1", fields: [.accept: "image/png"])
    #expect(response.status == .ok)
    let disposition = try #require(response.fields[.contentDisposition])
    #expect(
      disposition.wholeMatch(
        of: try Regex("attachment; filename=\"events-\\d{8}T\\d{6}Z\\.\(format.suffix)\"")) != nil)
    #expect(response.fields[.link]?.contains("</events.\(format.suffix)?") == true)
  }

  @Test(arguments: EventFormat.allCases, ["", "limit=3"])
  func isTheTextThatAnExportWrites(_ format: EventFormat, query: String) async throws {
    let api = try await APIUnderTest.withExamples()
    let store = MemoryEventStore()
    _ = try await store.restore(Event.examples, after: nil)
    var text: [UInt8] = []
    try await store.export(EventQuery(), as: format) { text += $0 }
    #expect(try await api.get("/events.\(format.suffix)", query: query).bytes() == text)
  }

  @Test(arguments: ["bom=1", "bom=1&limit=2", "limit=2&bom=1", "bom=1&limit=500"])
  func startsWithAByteOrderMarkWhereExcelNeedsIt(_ query: String) async throws {
    let api = try await APIUnderTest.withExamples()
    let marked = try await api.get("/events.csv", query: query)
    let others = query.split(separator: "&").filter { $0 != "bom=1" }.joined(separator: "&")
    let plain = try await api.get("/events.csv", query: others)
    #expect(try await marked.bytes() == [0xEF, 0xBB, 0xBF] + plain.bytes())
    #expect(marked.fields[.eTag] != plain.fields[.eTag])
    if query.contains("limit=2") {
      #expect(
        marked.fields[.link]?.contains("</events.csv?bom=1&sort=timestamp&order=asc&limit=2&cursor=") == true)
    }
    #expect(try await api.get("/events.csv", query: "bom=0").bytes() == api.get("/events.csv").bytes())
  }

  @Test(arguments: [
    ("/events.csv", "bom=2"), ("/events.csv", "bom=1&bom=1"), ("/events.csv", "bom=true"),
    ("/events.json", "bom=1"),
    ("/events.ndjson", "bom=1"), ("/events", "bom=1"),
  ])
  func hasAByteOrderMarkOnlyInCSV(_ path: String, query: String) async throws {
    let response = try await APIUnderTest.withExamples().get(path, query: query)
    #expect(response.status == .unprocessableContent)
    #expect(try await response.places() == ["bom"])
  }
}
