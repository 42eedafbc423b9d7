public import EventLog
import HTTPCore
import Text

extension EventCondition {
  /// The size of the longest filter of a request, encoded as links contain it, in bytes. A link to another page, with its
  /// cursor, then fits into a field and into an address whatever the filter is.
  public static let maximumAddressableSize = 4000

  /// Checks that links can contain the filter.
  ///
  /// - Throws: `InvalidQuery` that names the parameter that takes the most space.
  public func requireAddressableSize() throws(InvalidQuery) {
    let parameters = parameters
    let size = FormURLEncoded.encode(parameters).utf8.count
    guard size > Self.maximumAddressableSize else { return }
    let sizes = Dictionary(
      parameters.map { ($0.name, FormURLEncoded.encode([$0]).utf8.count) }, uniquingKeysWith: +)
    throw InvalidQuery(errors: [
      InvalidParameter(
        name: sizes.max { ($0.value, $0.key) < ($1.value, $1.key) }?.key ?? "",
        detail: """
          makes the filter too long: encoded as in an address, it has \(size) bytes, and at most \
          \(Self.maximumAddressableSize) are allowed
          """)
    ])
  }
}
