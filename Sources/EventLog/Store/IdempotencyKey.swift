public import Text

/// A client's name for one append, so that it can be tried again without recording anything twice
/// (draft-ietf-httpapi-idempotency-key-header).
public struct IdempotencyKey: Hashable, Sendable {
  /// The largest size of `text` in bytes.
  public static let maximumSize = 255
  /// The most keys that a log keeps. The oldest are forgotten first.
  public static let maximumCount = 1_000_000
  /// How long a key is kept unless an operator says otherwise.
  public static let defaultWindow = Duration.seconds(86_400)
  /// How long an append waits for another one under the same key that has not ended.
  public static let patience = Duration.seconds(10)

  /// What the client sent: 1 to 255 bytes.
  public let text: Text
  /// A digest of the content that was sent with it.
  public let content: [UInt8]

  /// Creates a key; the result is nil when the text is empty or too long.
  ///
  /// - Parameters:
  ///   - text: what the client sent.
  ///   - content: a digest of the content that was sent with it.
  public init?(_ text: Text, content: [UInt8]) {
    guard (1...Self.maximumSize).contains(text.utf8.count) else { return nil }
    self.text = text
    self.content = content
  }

  /// Returns the key of another part of what was sent, if it is recorded in several appends. It is no key that a client can
  /// send.
  ///
  /// - Parameter number: the number of the part.
  /// - Returns: the key.
  public func part(_ number: Int) -> IdempotencyKey {
    IdempotencyKey(whole: Text("\(text)\n\(number)"), content: content)
  }

  /// Returns the key of the same name that another visitor may use for something else. It is no key that a client can send.
  ///
  /// - Parameter name: the name of the visitor; nil for somebody unknown.
  /// - Returns: the key.
  public func owned(by name: Text?) -> IdempotencyKey {
    guard let name else { return self }
    // No key of a client, and no name, begins with a line feed or has one.
    return IdempotencyKey(whole: Text("\n\(name.string)\n\(text.string)"), content: content)
  }

  private init(whole text: Text, content: [UInt8]) {
    self.text = text
    self.content = content
  }
}
