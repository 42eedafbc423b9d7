public import EventLog
import JSON
public import Text

/// What is done with keys, as an event of the log. It never has a secret.
public enum AccessEvent: Sendable {
  case made(AccessKey, by: Text?)
  case rotated(AccessKey, by: Text?)
  case revoked(AccessKey, by: Text?)
  case firstUsed(AccessKey)
  case loggedIn(AccessKey)
  /// Wrong keys came, from the address that came with the last of them.
  case wrongKeys(count: Int, from: String?)

  /// The source of these events, which nobody else can record.
  public static let source = EventDraft.ownSource

  /// The event, to be recorded.
  public var draft: EventDraft {
    EventDraft(
      storedType: .system, source: Self.source, message: message, userID: nil, requestID: nil,
      tags: ["access"],
      data: data, occurredAt: nil)
  }

  private var message: String {
    switch self {
    case .made(let key, let visitor): "The key \(key.name.string) was made\(Self.by(visitor))"
    case .rotated(let key, let visitor): "The key \(key.name.string) was rotated\(Self.by(visitor))"
    case .revoked(let key, let visitor): "The key \(key.name.string) was revoked\(Self.by(visitor))"
    case .firstUsed(let key): "The key \(key.name.string) was used for the first time"
    case .loggedIn(let key): "Somebody logged in with the key \(key.name.string)"
    case .wrongKeys(1, let address): "A wrong key was sent" + (address.map { " from \($0)" } ?? "")
    case .wrongKeys(let count, let address):
      "\(count) wrong keys were sent" + (address.map { ", the last one from \($0)" } ?? "")
    }
  }

  private static func by(_ visitor: Text?) -> String {
    visitor.map { " by \($0.string)" } ?? " on the command line"
  }

  private var data: EventData? {
    let members: [JSONMember] =
      switch self {
      case .made(let key, _), .rotated(let key, _), .revoked(let key, _), .firstUsed(let key),
        .loggedIn(let key):
        [
          JSONMember(name: "key", value: .string(key.name.string)),
          JSONMember(name: "key_id", value: .string(key.id.string)),
          JSONMember(
            name: "roles",
            value: .array(KeyRole.allCases.filter(key.roles.contains).map { .string($0.rawValue) })),
        ] + (key.source.map { [JSONMember(name: "source", value: .string($0.string))] } ?? [])
      case .wrongKeys(let count, let address):
        [JSONMember(name: "count", value: .number(count))]
          + (address.map { [JSONMember(name: "address", value: .string($0))] } ?? [])
      }
    return try? EventData(.object(members))
  }
}
