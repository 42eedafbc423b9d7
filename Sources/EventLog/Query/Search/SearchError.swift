import Text

/// Why a text is not a search.
struct SearchError: Error, Equatable {
  /// Where the error is, in characters (Unicode scalar values) from the start.
  let place: Range<Int>
  /// What stands there.
  let text: String
  /// What is wrong, and what would be right.
  let reason: String

  init(_ place: Range<Int>, _ text: String, _ reason: String) {
    (self.place, self.text, self.reason) = (place, text, reason)
  }

  /// The error of the parameter that has the search.
  var invalidParameter: InvalidParameter {
    InvalidParameter(
      name: SearchQuery.parameterName,
      detail: "is not valid at character \(place.lowerBound + 1), \(Text(text).abridged) : \(reason)",
      place: place)
  }
}
