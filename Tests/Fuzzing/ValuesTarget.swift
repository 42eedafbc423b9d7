import EventLog
import HTTPCore
import HTTPTypes
import Linux
import Text

/// Checks that a single value that is read from a text and written again is read as the same value.
enum ValuesTarget {
  static func test(_ input: [UInt8]) {
    let text = String(decoding: input, as: UTF8.self)
    if let timestamp = Timestamp(rfc3339: text) {
      require(Timestamp(rfc3339: timestamp.description) == timestamp, "a timestamp is read as it was written")
    }
    if let id = EventID(text) { require(id.description == text, "an id has one spelling") }
    if let interval = TimeSpan(text) {
      require(TimeSpan(interval.description) == interval, "an interval is read as it was written")
    }
    if let address = ListenAddress(text) {
      require(ListenAddress(address.description) == address, "an address is read as it was written")
    }
    require(
      PercentEncoding.decode(Array(PercentEncoding.encode(text).utf8)) == Text(text),
      "an encoded text is decoded as the same text")
    let terms = SearchTerms([Text(text)])
    require(terms.match(source: text, message: ""), "a text is found by a search for it")
    testFields(text)
  }

  private static func testFields(_ text: String) {
    if let mediaType = MediaType(text) {
      require(
        MediaType(mediaType.description)?.isSame(as: mediaType) ?? false,
        "a media type is read as it was written")
    }
    let fields: HTTPFields = [.accept: text, .ifNoneMatch: text]
    let offered = [MediaType.json, .html, .form]
    if let preferred = Accept(fields).preferred(among: offered) {
      require(offered.contains(preferred), "the preferred media type was offered")
    }
    guard let target = RequestTarget(path: "/") else { return require(false, "the root is a target") }
    _ = Request(target: target, fields: fields).hasCurrent(EntityTag("a", isWeak: true))
  }
}
