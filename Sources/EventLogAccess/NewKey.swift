public import EventLog
public import Text

/// What is asked of a key that is to be made. It is valid by construction.
public struct NewKey: Hashable, Sendable {
  /// What is wrong with one of the members, as a sentence without its subject.
  public struct Invalid: Error, Equatable, Sendable {
    public let member: Text
    public let detail: String

    public init(member: Text, detail: String) {
      self.member = member
      self.detail = detail
    }
  }

  /// The longest name, in characters (Unicode scalar values).
  public static let maximumNameSize = 64

  public let name: Text
  public let roles: Set<KeyRole>
  public let source: Text?
  /// How long the key can be used; nil if it does not end.
  public let span: TimeSpan?

  /// - Parameters:
  ///   - name: 1 to 64 characters, without control characters; white space at its ends is cut.
  ///   - roles: at least one.
  ///   - source: the only source that the key is for; nil or empty for all. Only `record` and `read` can be confined to one.
  ///   - span: how long the key can be used; nil if it does not end.
  /// - Throws: `Invalid`.
  public init(name: Text, roles: Set<KeyRole>, source: Text? = nil, span: TimeSpan? = nil) throws(Invalid) {
    // A source has the same rules.
    func valid(_ text: Text, _ member: Text) throws(Invalid) -> Text {
      var fields = EventDraftFields()
      (fields.type, fields.source, fields.message) = ("info", text.string, "-")
      do { return Text(try EventDraft(fields).source) } catch {
        let detail = error.errors.first { $0.member == "source" }?.detail ?? "is not valid"
        throw Invalid(member: member, detail: detail)
      }
    }
    self.name = try valid(name, "name")
    guard self.name.unicodeScalars.count <= Self.maximumNameSize else {
      throw Invalid(member: "name", detail: "must have at most \(Self.maximumNameSize) characters")
    }
    // A name is a part of an address, where these are something else, and it is shown to everybody.
    guard ![".", ".."].contains(self.name), self.name.dropping(prefix: "evl_") == nil else {
      throw Invalid(member: "name", detail: "must be neither dots nor a key")
    }
    guard !roles.isEmpty else {
      throw Invalid(member: "role", detail: "must be record, read, status or admin")
    }
    self.roles = roles
    let source: Text? = if let source, !source.isEmpty { try valid(source, "source") } else { nil }
    guard source == nil || roles.isSubset(of: [.record, .read]) else {
      throw Invalid(member: "source", detail: "can only confine the roles record and read")
    }
    self.source = source
    self.span = span
  }
}
