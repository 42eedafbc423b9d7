import EventLog
import Text

/// A search that is not valid, with the place of the error.
struct InvalidSearch {
  /// Where the error starts and ends in the field, in UTF-16 code units, in which scripts count.
  let start: Int
  let end: Int
  /// The search with the place marked.
  let parts: [MarkedText.Part]

  /// - Parameter text: the search; the result is nil when it is valid, or no place in it is wrong.
  init?(_ text: Text) {
    do throws(InvalidParameter) {
      _ = try SearchQuery(text, now: .now())
      return nil
    } catch {
      guard let place = error.place else { return nil }
      let scalars = Array(text.unicodeScalars)
      func size(upTo count: Int) -> Int { scalars.prefix(count).reduce(0) { $0 + UTF16.width($1) } }
      start = size(upTo: place.lowerBound)
      end = size(upTo: place.upperBound)
      parts = MarkedText(text, marking: place).parts
    }
  }
}
