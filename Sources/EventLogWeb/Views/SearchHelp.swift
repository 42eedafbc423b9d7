import EventLog
import HTTPCore
import Text

/// The view of the template `search-help`: what can be searched for, in examples.
struct SearchHelp {
  struct Line {
    let examples: [Example]
    /// What the examples find, as a sentence.
    let meaning: String
  }

  struct Example {
    let text: String
    /// The query string of the list that the example finds, without its question mark.
    let query: String
  }

  let lines: [Line]

  /// - Parameters:
  ///   - source: a source that the log has.
  ///   - tag: a tag that the log has.
  init(source: Text? = nil, tag: Text? = nil) {
    let source = SearchQuery.text(of: .source(source ?? "checkout"))?.string ?? ""
    let tag = SearchQuery.text(of: .tag(tag ?? "eu"))?.string ?? ""
    lines = [
      Line("Both words, or parts of words, are somewhere in source or message.", "declined card"),
      Line("Exactly this text, with its space.", "\"card declined\""),
      Line("Not this: with a minus sign, events that have it are left out.", "-timeout", "-type:info"),
      Line("Either of them. OR joins the terms beside it first.", "declined OR refused"),
      Line(
        "Exactly this type, source, user, request or tag.", "type:error", source, "user:u-81", "request:r-7",
        tag),
      Line(
        "A member of data by its path. Quotation marks make a text of a number.", "data.order.id:42",
        "data.id:\"42\""),
      Line("A number in data, compared with <, <=, > or >=.", "data.amount>=100"),
      Line(
        "The event has a user, a request, a tag, data, or this member of data.", "has:user",
        "has:data.order.id"),
      Line(
        "Recorded since or until a moment, a date or a span before now, or on a day in UTC.",
        "since:24h",
        "until:2026-03-01", "on:2026-03-01"),
      Line(
        "Any other name is text, and so is everything in quotation marks; \\\" is one.", "12:30",
        "\"type:error\""),
    ]
  }

  /// Creates the help with the most frequent source and tag of a list.
  ///
  /// - Parameter facets: the counts for each of `FacetsView.members`; nil if they are not known.
  init(_ facets: [EventFacets]?) {
    func first(_ member: FacetQuery.Member) -> Text? {
      let counted = zip(FacetsView.members, facets ?? []).first { $0.0 == member }?.1
      guard case .string(let text)? = counted?.values.first?.value, text.size <= Self.maximumSize else {
        return nil
      }
      return text
    }
    self.init(source: first(.source), tag: first(.tag))
  }

  /// The size of the longest value in an example, in bytes.
  private static let maximumSize = 40
}

extension SearchHelp.Line {
  fileprivate init(_ meaning: String, _ examples: String...) {
    self.meaning = meaning
    self.examples = examples.map {
      SearchHelp.Example(text: $0, query: FormURLEncoded.encode([("q", Text($0))]))
    }
  }
}
