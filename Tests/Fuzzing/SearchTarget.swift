import EventLog
import Text

/// Checks that a search is refused with a place in it, or read as it is written again.
enum SearchTarget {
  private static let now = Timestamp(milliseconds: 1_700_000_000_000)

  static func test(_ input: [UInt8]) {
    let text = Text(String(decoding: input, as: UTF8.self))
    let search: SearchQuery
    do throws(InvalidParameter) {
      search = try SearchQuery(text, now: now)
    } catch {
      if let place = error.place {
        require(
          0 <= place.lowerBound && place.upperBound <= text.unicodeScalars.count, "the place is in the text")
      }
      return
    }
    require((try? SearchQuery(search.text, now: now)) == search, "a search is read as it was written")
    let resolved = search.resolved
    require(!resolved.isRelative, "a search with moments depends on no other moment")
    require(
      (try? SearchQuery(resolved.text, now: .earliest))?.condition == search.condition,
      "moments mean the same at any time")
    for clause in search.clauseTexts {
      if let rest = search.removing(clause) {
        require((try? SearchQuery(rest.text, now: now)) == rest, "the rest of a search is one")
      }
    }
  }
}
