import EventLog
import Foundation
import HTTPCore
import HTTPTypes
import TestSupport
import Testing
import Text

/// Tests of saved views on the page, and of the columns of its list.
struct ViewPagesTests {
  private let store = MemoryEventStore()
  private let pages: PagesUnderTest

  init() async throws {
    var fields = EventDraftFields()
    (fields.type, fields.source, fields.message) = ("error", "till", "declined")
    (fields.userID, fields.tags) = ("u<1>", ["a", "b"])
    fields.data = try EventData(parsing: #"{"order":{"id":42,"items":["x","y"]},"ok":true}"#)
    _ = try await store.append(try EventDraft(fields))
    pages = PagesUnderTest(store: store)
  }

  private func post(_ path: String, _ form: [(name: Text, value: Text)]) async throws -> Response {
    let target = try #require(RequestTarget(path: path))
    let fields: HTTPFields = [.contentType: "application/x-www-form-urlencoded", .accept: "text/html"]
    return await pages.router.respond(
      to: Request(
        method: .post, target: target, fields: fields, body: Array(FormURLEncoded.encode(form).utf8)))
  }

  private func location(of name: String) async throws -> String? {
    try await pages.get(path: "/views/\(name)", fields: [.accept: "text/html"]).fields[.location]
  }

  @Test func showsTheColumnsThatWereAskedForInTheirOrder() async throws {
    let html = try await pages.get("columns=data.order,tags,user_id,id,occurred_at,data.ok").text
    let table = try #require(html.range(of: "<table class=\"events own-columns\">")).lowerBound
    let headers = html[table...].matches(of: /<th scope="col"[^>]*>(?:<a [^>]*>)?([^<]+)/).map {
      $0.output.1.trimmingCharacters(in: .whitespaces)
    }
    #expect(headers == ["order", "Tags", "User", "ID", "Happened", "ok"])
    #expect(html.contains("<a href=\"/?q=tag%3Aa&amp;sort"))
    #expect(
      html.contains("<a href=\"/?q=user%3Au%3C1%3E&amp;sort")
        && html.contains("<span dir=\"auto\">u&lt;1&gt;</span>"))
    #expect(
      html.contains("<a href=\"/?q=data.order.id%3A42&amp;sort")
        && html.contains("<span class=\"quiet\">order.id</span>"))
    #expect(!html.contains("class=\"message\""))
  }

  @Test func keepsTheColumnsInEveryLinkToAList() async throws {
    let html = try await pages.get("columns=timestamp,id&q=declined&limit=25").text
    let results = try #require(html.range(of: "<div id=\"results\"")).lowerBound
    let links = html[results...].matches(of: /href="\/\?([^"]*)"/).map { String($0.output.1) }.filter {
      !$0.isEmpty
    }
    #expect(links.count > 3)
    for link in links { #expect(link.contains("columns=timestamp%2Cid"), "\(link)") }
    #expect(html.contains("<input type=\"hidden\" name=\"columns\" value=\"timestamp,id\">"))
  }

  @Test(arguments: ["colour", "id,id", "data"])
  func saysWhichColumnsThereAre(_ columns: String) async throws {
    let response = try await pages.get("columns=\(columns)")
    #expect(response.status == .unprocessableContent)
    #expect(response.text.contains("columns "))
  }

  @Test func savesTheWholeFilterAsOneSearch() async throws {
    let list =
      "type=error&type=info&q=declined&since=24h&data.order.id=42&columns=id%2Cmessage&order=asc&sort=timestamp&limit=25"
    let response = try await post("/save-view", [("name", " a b "), ("list", Text(list))])
    #expect(response.status == .seeOther)
    let back = try #require(response.fields[.location])
    #expect(back.contains("since=24h") && back.contains("limit=25") && back.contains("columns=id%2Cmessage"))
    let query = FormURLEncoded.encode([
      ("q", "type:error OR type:info declined since:24h data.order.id:42"), ("columns", "id,message"),
    ])
    #expect(try await location(of: "a%20b") == "/?\(query)")
    #expect(try await pages.get().text.contains("<a href=\"/views/a%20b\" dir=\"auto\">a b</a>"))
  }

  @Test func offersToSaveWhatWasTyped() async throws {
    let html = try await pages.get("q=declined+since%3A24h&limit=25").text
    #expect(
      html.contains("<input type=\"hidden\" name=\"list\" value=\"q=declined%20since%3A24h&amp;limit=25\">"))
  }

  @Test func showsWhyAViewWasNotSaved() async throws {
    for name: Text in ["", "a/b", ".a"] {
      let response = try await post("/save-view", [("name", name), ("list", "q=declined")])
      #expect(response.status == .unprocessableContent && response.text.contains("The view was not saved."))
      #expect(response.text.contains("value=\"declined\""))
    }
    #expect(
      try await post("/save-view", [("name", "a"), ("list", "sort=colour")]).status == .unprocessableContent)
    #expect(try await post("/save-view", [("name", "a"), ("list", "%")]).status == .badRequest)
  }

  @Test func removesAView() async throws {
    _ = try await post("/save-view", [("name", "a"), ("list", "")])
    #expect(try await location(of: "a") == "/")
    #expect(try await post("/views/a/remove", []).fields[.location] == "/")
    #expect(try await post("/views/a/remove", []).status == .notFound)
    #expect(try await !pages.get().text.contains("Remove the view"))
  }
}
