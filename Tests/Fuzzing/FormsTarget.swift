import EventLog
import EventLogFormats
import HTTPCore
import Text

/// Checks that a decoded form, encoded again, is decoded as the same pairs, and that the same holds for a query and its
/// cursor.
enum FormsTarget {
  static func test(_ input: [UInt8]) {
    guard let pairs = try? FormURLEncoded.decode(input) else { return }
    let again = try? FormURLEncoded.decode(Array(FormURLEncoded.encode(pairs).utf8))
    require(again.map { same($0, pairs) } ?? false, "encoded pairs are decoded as the same pairs")

    _ = try? EventDraft(EventDraftFields(form: pairs))
    _ = try? HistogramQuery(parameters: pairs)
    guard let query = try? EventQuery(parameters: pairs) else { return }
    require(
      (try? EventQuery(parameters: query.parameters)) == query, "a query can be rebuilt from its parameters")
    for direction in [EventCursor.Direction.next, .previous] {
      var page = query
      page.limit = query.limit ?? 10
      page.cursor = EventCursor(direction, of: position(in: query, from: input))
      require((try? EventQuery(parameters: page.parameters)) == page, "a cursor is read as it was written")
    }
  }

  /// Returns a position that an event could have. Its source is taken from the input.
  private static func position(in query: EventQuery, from input: [UInt8]) -> EventPosition {
    let number = input.prefix(7).reduce(Int64(1)) { $0 << 8 | Int64($1) }
    let key: Text? =
      switch query.sort {
      case .timestamp: nil
      case .type: Text(EventType.allCases[input.count % EventType.allCases.count].rawValue)
      case .source: query.filter.source ?? Text(String(decoding: input.suffix(20), as: UTF8.self))
      }
    return EventPosition(key: key, id: EventID(number % 999_999_999_999_999_999 + 1) ?? Event.examples[0].id)
  }

  private typealias Pairs = [(name: Text, value: Text)]

  private static func same(_ left: Pairs, _ right: Pairs) -> Bool {
    left.count == right.count && zip(left, right).allSatisfy { $0 == $1 }
  }
}
