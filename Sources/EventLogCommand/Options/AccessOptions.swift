import ArgumentParser
import EventLogAPI
import HTTPCore
import Text

/// The options that say who may use the log.
struct AccessOptions: ParsableArguments {
  /// Whether visitors are asked who they are.
  enum Access: String, CaseIterable, ExpressibleByArgument {
    /// Everyone who reaches the log may use it.
    case open
    /// Visitors need keys; see `eventlog keys`.
    case keys
  }

  @Option(
    help: ArgumentHelp(
      """
      Who may use the log: open for everyone who reaches it, or keys for those who have one; see eventlog keys. \
      (default: open)
      """, valueName: "open|keys"))
  var access: Access = .open

  @Option(
    help: ArgumentHelp(
      "With --access keys, let everyone else read or record, too; repeat the option for both.",
      valueName: "role"),
    transform: AccessOptions.anonymousRole)
  var anonymous: [Role] = []

  @Option(
    help: ArgumentHelp(
      """
      With --access keys, trust the web server to have checked the users whom it names in REMOTE_USER, and let them do this: \
      a role for all, such as read, or a list of users, such as alice=admin,bob=read.
      """,
      discussion: """
        Only on a unix socket or an inherited one. nginx passes whatever name a client claims unless it asks for a password; \
        the shipped configurations pass none.
        """,
      valueName: "role or map"),
    transform: RemoteUsers.init(option:))
  var trustRemoteUser: RemoteUsers?

  func validate() throws {
    if access == .open, !anonymous.isEmpty || trustRemoteUser != nil {
      throw ValidationError("--anonymous and --trust-remote-user need --access keys.")
    }
  }

  private static func anonymousRole(_ value: String) throws -> Role {
    guard let role = Role(rawValue: value), [.read, .record].contains(role) else {
      throw ValidationError("it must be read or record.")
    }
    return role
  }
}

extension AccessOptions: EnvironmentOptions {
  static let environmentOptions: [EnvironmentOption] = [
    .value("access"), .list("anonymous"), .value("trust-remote-user"),
  ]
}

extension RemoteUsers {
  /// Reads a role, or users and their roles with commas between them.
  init(option value: String) throws {
    func role(_ name: Text) throws -> Role {
      guard let role = Role(rawValue: name.string), role != .everyone else {
        throw ValidationError(
          "it must be a role (read, record, status or admin), or users and roles such as alice=admin,bob=read."
        )
      }
      return role
    }
    if !value.contains("=") {
      self.init(everyone: [try role(Text(value))])
      return
    }
    var named: [Text: Set<Role>] = [:]
    for part in Text(value).split(separator: ",") {
      guard let sign = part.string.lastIndex(of: "="), sign != part.string.startIndex else {
        throw ValidationError("'\(part.string)' must be a user and a role, such as alice=admin.")
      }
      let user = Text(String(part.string[..<sign])).trimmingBlanks
      named[user, default: []].insert(try role(Text(String(part.string[sign...].dropFirst())).trimmingBlanks))
    }
    self.init(named: named)
  }
}
