public import EventLog
public import EventLogAccess
public import HTTPCore
import HTTPTypes
public import Text

/// What requests ask for, whose errors are problems.
extension AccessStore {
  /// Makes a key.
  ///
  /// - Throws: 409 when another key has the name.
  public func make(
    _ key: NewKey, by visitor: Visitor
  ) async throws(ProblemDetails) -> (key: AccessKey, text: KeyText) {
    let made: (key: AccessKey, text: KeyText)?
    do { made = try await makeKey(key, by: visitor.name) } catch { throw ProblemDetails(error) }
    guard let made else {
      throw ProblemDetails(
        .conflict, detail: "There is already a key of this name; rotate it, or choose another name.")
    }
    return made
  }

  /// Rotates a key.
  ///
  /// - Throws: 404 when no key has the name.
  public func rotate(
    _ name: Text, by visitor: Visitor
  ) async throws(ProblemDetails) -> (key: AccessKey, text: KeyText) {
    let rotated: (key: AccessKey, text: KeyText)?
    do { rotated = try await rotateKey(named: name, by: visitor.name) } catch { throw ProblemDetails(error) }
    guard let rotated else { throw ProblemDetails.noSuchKey }
    return rotated
  }

  /// Revokes a key.
  ///
  /// - Throws: 404 when no key has the name.
  public func revoke(_ name: Text, by visitor: Visitor) async throws(ProblemDetails) {
    let isRevoked: Bool
    do { isRevoked = try await revokeKey(named: name, by: visitor.name) } catch {
      throw ProblemDetails(error)
    }
    guard isRevoked else { throw ProblemDetails.noSuchKey }
  }
}

extension NewKey {
  /// Reads how long a key can be used, such as `90d`; an empty text is no end.
  public static func span(_ text: Text) throws(Invalid) -> TimeSpan? {
    if text.isEmpty { return nil }
    guard let span = TimeSpan(text.string) else {
      throw Invalid(member: "ends", detail: "must be a whole number followed by s, m, h, d or w, such as 90d")
    }
    return span
  }
}

extension ProblemDetails {
  fileprivate static let noSuchKey = ProblemDetails(.notFound, detail: "There is no key of this name.")

  /// Creates a 422 with the place of the error.
  init(_ error: NewKey.Invalid, as place: (Text) -> Entry.Place) {
    self.init(
      .unprocessableContent, detail: "The key cannot be made: \(error.member.string) \(error.detail).",
      errors: [Entry(place(error.member), detail: error.detail)])
  }
}
